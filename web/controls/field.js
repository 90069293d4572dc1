// A field to type into; writes when it is left, and at Enter. Returns show(text).
import { add } from "../element.js";

export function field(element, name, type, write) {
  const input = add(element, "input", { ariaLabel: name, dir: "auto", type, step: "any" });
  let typing;
  input.oninput = () => (typing = true);
  input.onchange = () => {
    typing = false;
    write(input.value);
  };
  return (text) => {
    if (!typing && input.value != text) input.value = text ?? "";
  };
}
