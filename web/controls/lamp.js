// A lamp. Returns show(value, text): `off` and `on` are the classes that draw its two states,
// and their texts, where it gets none.
import { add } from "../element.js";

export function lamp(element, name, off, on) {
  const it = add(element, "i", { role: "img" });
  return (value, text) => {
    it.className = value ? on : off;
    it.ariaLabel = name + ": " + (text ?? it.className);
  };
}
