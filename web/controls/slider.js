// A slider from min to max, with its name and value above it.
import { add, addText } from "../element.js";
import { format, part } from "../numbers.js";

// Returns show(value, from, to, fill): the colours, if special, of the track's start, its rest and the thumb.
export function slider(element, name, { min = 0, max = 100, step = 1, unit }, write) {
  const label = add(element, "p", { ariaHidden: true });
  addText(label, "span", name);
  const text = add(label, "span");
  const track = add(element, "input", { type: "range", ariaLabel: name, min, max, step });
  track.oninput = () => write(+track.value);
  return (value, from, to, fill) => {
    text.textContent = track.ariaValueText = format(value, unit);
    track.value = track.ariaValueNow = value ?? min;
    track.style = from ? `--from:${from};--to:${to};--fill:${fill}` : `--at:${part(value, min, max) * 100}%`;
  };
}
