// ImageMap: an image with variables pinned on it: switches for bools that can be written, values for all others.
import { add, addText, format, listOf, numberOf, picture, say, textOf, toggle } from "./page.js";

// A percentage, of the image's width or height.
const percent = (it, usual) => Math.max(0, Math.min(100, numberOf(it) ?? usual));

// A pin of `markersSettings`, {property: "thing:variable", x, y: in percent, label}, is the one of this variable.
const isOf = (name) => (marker) => textOf(marker?.property)?.split(":").pop() === name;

// Returns show().
function pin(parent, variable, { x, y, label }, i, all) {
  const { name, type, writable, options } = variable;
  const title = textOf(label ?? options?.title ?? name);
  const place = add(parent, "span", { className: "pin", dir: "auto", title });
  place.style = `--x:${percent(x, (i + .5) / all.length * 100)}%;--y:${percent(y, 50)}%`;
  if (label) addText(place, "span", label);
  if (type === "bool" && writable) {
    const show = toggle(place, title, variable.write);
    place.lastChild.about = variable;
    return () => show(variable.value);
  }
  const text = add(place, "b");
  return () => say(text, format(variable.value, variable.options?.unit));
}

export function imageMap(element, settings) {
  const { variables, markersSettings } = settings;
  const box = add(element, "div");
  const plan = add(box, "div", { className: "plan" });
  const image = picture(plan, settings);
  image.addEventListener("load", () => {
    plan.style = "--ratio:" + (image.naturalWidth / image.naturalHeight || 1.5);
  });
  const markers = listOf(markersSettings) ?? [];
  const shows = variables.map((it, i) => pin(plan, it, markers.find(isOf(it.name)) ?? {}, i, variables));
  return () => shows.forEach((show) => show());
}
