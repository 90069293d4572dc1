// Status: a lamp, green while a bool is true, and red while it is false, or with colours and texts of its own.
import { lamp } from "../controls/lamp.js";
import { add } from "../element.js";
import { colorOf, textOf } from "../outside.js";

export function status(element, { title, trueText, falseText, trueColor, falseColor }) {
  const show = lamp(element, title, "false", "true");
  const [it] = element.children;
  const line = add(element, "p", { dir: "auto" });
  return (value) => {
    const [text, color] = value ? [trueText, trueColor] : [falseText, falseColor];
    show(value, textOf(text));
    line.textContent = textOf(text);
    it.style = colorOf(color) ? "--color:" + color : "";
  };
}
