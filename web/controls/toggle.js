// A switch. Returns show(on).
import { add } from "../element.js";

export function toggle(element, name, writable, write) {
  const button = add(element, "button", { role: "switch", "aria-label": name });
  let on;
  button.disabled = !writable;
  button.onclick = () => write(!on);
  return (value) => {
    on = value;
    button.setAttribute("aria-checked", !!on);
  };
}
