// LED: shows a bool.
import { add } from "../element.js";

export function led(element, { title }) {
  element.className = "led";
  const lamp = add(element, "i", { role: "img" });
  return (on) => {
    lamp.className = on ? "on" : "off";
    lamp.setAttribute("aria-label", `${title}: ${lamp.className}`);
  };
}
