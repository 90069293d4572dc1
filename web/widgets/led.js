// LED: a lamp, lit while a bool is true.
import { lamp } from "../controls/lamp.js";

export const led = (element, { title }) => lamp(element, title, "off", "on");
