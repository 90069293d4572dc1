// A slider from 0 to max, by pointer, touch and keyboard.
import { add, paint } from "../element.js";

const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
// A touch becomes a drag after so many pixels; until then it may be the page that scrolls.
const SLOP = 5;

// Returns show(value, from, to, fill): the track's first colour, its further ones, and the thumb's.
export function slider(element, name, max, unit, writable, write) {
  const label = add(element, "p", { "aria-hidden": true });
  add(label, "span", {}, name);
  const text = add(label, "span");
  const track = add(element, "div", {
    role: "slider", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": max,
  });
  if (writable) track.tabIndex = 0;
  let now, start, dragging;

  function set(value) {
    value = Math.max(0, Math.min(max, Math.round(value)));
    if (value !== now) write(value);
  }

  function follow({ clientX }) {
    const { left, width, height } = track.getBoundingClientRect();
    set((clientX - left - height / 2) / (width - height) * max);
  }

  track.onpointerdown = (event) => {
    if (event.button) return;
    track.setPointerCapture(event.pointerId);
    start = event.clientX;
    dragging = event.pointerType !== "touch";
    if (dragging) follow(event);
  };
  track.onpointermove = (event) => {
    if (!track.hasPointerCapture(event.pointerId)) return;
    dragging ||= Math.abs(event.clientX - start) > SLOP;
    if (dragging) follow(event);
  };
  track.onpointerup = (event) => {
    if (track.hasPointerCapture(event.pointerId) && !dragging) follow(event);
  };
  track.onkeydown = (event) => {
    const { key } = event;
    if (key in STEPS) set(now + STEPS[key]);
    else if (key === "Home") set(0);
    else if (key === "End") set(max);
    else return;
    event.preventDefault();
  };

  return (value, from, to, fill) => {
    now = value;
    text.textContent = now == null ? "–" : Math.round(now) + unit;
    track.setAttribute("aria-valuenow", Math.round(now));
    track.setAttribute("aria-valuetext", text.textContent);
    paint(track, { at: now / max, from, to, fill });
  };
}
