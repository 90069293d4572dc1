// TimePicker: an int as date and time, in the browser's zone.
import { time } from "../controls/time.js";

export const timePicker = (element, { title }, write) => time(element, title, "", write);
