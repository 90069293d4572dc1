// Status: a lamp, green while a bool is true, and red while it is false.
import { lamp } from "../controls/lamp.js";

export const status = (element, { title }) => lamp(element, title, "false", "true");
