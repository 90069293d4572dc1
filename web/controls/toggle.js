// A switch. Returns show(on).
import { add } from "../element.js";

export function toggle(element, name, write) {
  const button = add(element, "button", { role: "switch", ariaLabel: name, onclick: () => write(!on) });
  let on;
  return (now) => (button.ariaChecked = on = !!now);
}
