// ValueSelector: one of the `values`, as a row of radio buttons.
import { add, addText } from "../element.js";
import { labelOf, valueOf } from "../values.js";

export function valueSelector(element, { title, values = [] }, write) {
  const name = Math.random();
  const group = add(element, "div", { role: "radiogroup", ariaLabel: title });
  const radios = values.map((entry) => {
    const label = addText(group, "label", labelOf(entry));
    return add(label, "input", { type: "radio", name, onchange: () => write(valueOf(entry)) });
  });
  return (now) => values.forEach((entry, i) => (radios[i].checked = valueOf(entry) === now));
}
