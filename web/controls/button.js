// A button with a name and a sign. Returns show(pressed).
import { addText } from "../element.js";

export function button(element, name, sign, onclick) {
  const it = addText(element, "button", sign, { ariaLabel: name, onclick });
  return (pressed) => (it.ariaPressed = !!pressed);
}
