// ValueSelector and ValueDropdown: one of the `values`, each plain or {value, label}.
import { select } from "../controls/select.js";
import { add } from "../element.js";

const valueOf = (it) => it.value ?? it;
const labelOf = (it) => it.label ?? valueOf(it);

export function dropdown(element, { title, values = [] }, write) {
  return select(element, title, values.map(labelOf), write, values.map(valueOf));
}

export function selector(element, { title, values = [] }, write) {
  const name = Math.random();
  const group = add(element, "div", { role: "radiogroup", ariaLabel: title });
  const radios = values.map((it) => {
    const label = add(group, "label", labelOf(it));
    return add(label, "input", { type: "radio", name, onchange: () => write(valueOf(it)) });
  });
  return (now) => values.forEach((it, i) => (radios[i].checked = valueOf(it) === now));
}
