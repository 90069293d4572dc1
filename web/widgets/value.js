// Value: shows anything as text; takes a text, or JSON for what is no text.
import { field } from "../controls/field.js";
import { add, addText } from "../element.js";
import { format } from "../numbers.js";

export function value(element, { title, type, writable, unit }, write) {
  if (!writable) {
    const line = add(element, "p", { dir: "auto" });
    return (value) => (line.textContent = format(value, unit));
  }
  const show = field(element, title, /int|float/.test(type) ? "number" : "text", (text) => {
    try {
      write(type === "string" ? text : JSON.parse(text));
    } catch {
      write(text); // the board says why it cannot be
    }
  });
  addText(element, "span", unit);
  return (value) => show(format(value ?? ""));
}
