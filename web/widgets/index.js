// Which widget shows a variable. A widget is a function of an element, its settings
// {title, writable} and write(value); it returns show(value).
import { coloredLight } from "./coloredlight.js";
import { led } from "./led.js";
import { switchWidget } from "./switch.js";
import { value } from "./value.js";

export function widgetFor(type, writable) {
  if (type === "bool") return writable ? switchWidget : led;
  if (type === "ColoredLight") return coloredLight;
  return value;
}
