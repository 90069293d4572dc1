// Switch: turns a bool on and off.
import { toggle } from "../controls/toggle.js";

export const switchWidget = (element, { title }, write) => toggle(element, title, write);
