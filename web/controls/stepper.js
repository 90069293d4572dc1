// A number to type, and − and + beside it. Returns show(number).
import { add } from "../element.js";
import { button } from "./button.js";
import { field } from "./field.js";

export function stepper(element, name, { min = -Infinity, max = Infinity, step = 1 }, write) {
  const set = (value) => write(Math.max(min, Math.min(max, +(+value).toPrecision(7))));
  let now;
  button(element, "less", "−", () => set(now - step));
  const show = field(element, name, "number", set);
  button(element, "more", "+", () => set(now + step));
  return (value) => show((now = value ?? 0));
}
