// A date and time, as Unix time in seconds. Returns show(seconds); 0 is none.
import { field } from "./field.js";

// With `zone` "Z" the seconds are counted in UTC, with none in the browser's zone.
export function time(element, name, zone, write) {
  const show = field(element, name, "datetime-local", (text) => {
    // While a year is typed it is 0002, 0020, 0202.
    const seconds = Date.parse(text + zone) / 1000 || 0;
    if (seconds >= 0) write(seconds);
  });
  return (seconds) => {
    const offset = zone ? 0 : new Date(seconds * 1000).getTimezoneOffset() * 60;
    show(seconds ? new Date((seconds - offset) * 1000).toISOString().slice(0, 16) : "");
  };
}
