// Gauge: where a number stands between min and max, as a half circle.
import { add } from "../element.js";
import { format, part } from "../numbers.js";
import { colorOf, numberOf } from "../outside.js";

// `thresholds` is a list of {value, color}: each colour from its value on.
export function gauge(element, { title, min = 0, max = 100, unit, thresholds = [] }) {
  const text = add(element, "p", { role: "meter", ariaLabel: title, ariaValueMin: min, ariaValueMax: max });
  return (now) => {
    const passed = thresholds.filter((it) => numberOf(it?.value) <= now);
    text.textContent = text.ariaValueText = format(now, unit);
    text.ariaValueNow = now;
    text.style = `--at:${part(now, min, max)};--fill:${colorOf(passed.pop()?.color) ?? "var(--accent)"}`;
  };
}
