// A lamp. Returns show(value): `off` and `on` are the texts of its two states, and the classes that draw them.
import { add } from "../element.js";

export function lamp(element, name, off, on) {
  const it = add(element, "i", { role: "img" });
  return (value) => {
    it.className = value ? on : off;
    it.ariaLabel = name + ": " + it.className;
  };
}
