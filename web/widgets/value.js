// Value: shows anything as text.
import { add } from "../element.js";

export function value(element) {
  element.className = "value";
  const line = add(element, "p", { dir: "auto" });
  return (value) => (line.textContent = text(value));
}

function text(value) {
  if (value instanceof Object) {
    return Object.entries(value).map(([part, its]) => `${part}: ${text(its)}`).join("\n");
  }
  // A board's float has seven digits; the rest is noise.
  return typeof value === "number" && !Number.isInteger(value) ? +value.toPrecision(7) : value ?? "–";
}
