// Values as texts, and as places between two others.
import { textOf } from "./outside.js";

// A value as text. A board's float has seven digits; the rest is noise.
export function format(value, unit) {
  if (value?.toPrecision) value = +value.toPrecision(7);
  return (textOf(value) ?? "–") + (unit ? " " + textOf(unit) : "");
}

// Where a value stands between two others: 0 to 1.
export function part(value, min, max) {
  return Math.max(0, Math.min(1, (value - min) / (max - min) || 0));
}
