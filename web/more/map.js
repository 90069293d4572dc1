// Map: a place on the world.
import { land, world } from "./world.js";

// In the drawing six degrees are one.
const x = (lon) => lon / 6 + 29.5;
const y = (lat) => 13.5 - lat / 6;

export function map(element, { title }) {
  const [svg, show] = world(element, title);
  svg.firstChild.setAttribute("d", land(x, y));
  return (place) => show(place ?? {}, x, y, "-1 -1 61 25");
}
