// LED: on or off. Status: true, green, or false, red.
import { add } from "../element.js";

const indicator = (off, on) => (element, { title }) => {
  const lamp = add(element, "i", { role: "img" });
  return (value) => {
    lamp.className = value ? on : off;
    lamp.ariaLabel = title + ": " + lamp.className;
  };
};

export const led = indicator("off", "on");
export const status = indicator("false", "true");
