// A button with a name and a sign. Returns show(pressed).
import { add } from "../element.js";

export function button(element, name, sign, onclick) {
  const it = add(element, "button", { textContent: sign, ariaLabel: name, onclick });
  return (pressed) => (it.ariaPressed = !!pressed);
}
