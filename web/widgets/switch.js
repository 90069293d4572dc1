// Switch: turns a bool on and off.
import { toggle } from "../controls/toggle.js";

export function switchWidget(element, { title, writable }, write) {
  return toggle(element, title, writable, write);
}
