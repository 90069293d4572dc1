// Gauge: where a number stands between min and max, as a half circle.
import { add } from "../element.js";
import { format, part } from "../numbers.js";
import { colorOf, numberOf, signOf } from "../outside.js";

// `thresholds` is a list of {value, color, icon}: each from its value on.
export function gauge(element, { title, min = 0, max = 100, unit, thresholds = [], icon }) {
  const text = add(element, "p", { role: "meter", ariaLabel: title, ariaValueMin: min, ariaValueMax: max });
  const valueOf = (it) => numberOf(it?.value);
  const ranges = thresholds.filter((it) => valueOf(it) != null).sort((one, two) => valueOf(two) - valueOf(one));
  return (now) => {
    const range = ranges.find((it) => valueOf(it) <= now);
    const fill = colorOf(range?.color) ?? "var(--accent)";
    const sign = signOf(range?.icon) ?? signOf(icon);
    text.ariaValueText = format(now, unit);
    text.textContent = (sign ? sign + " " : "") + text.ariaValueText;
    text.ariaValueNow = now;
    text.style = `--at:${part(now, min, max)};--fill:${fill}`;
  };
}
