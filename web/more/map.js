// Map: a place on the world.
import { drawing, land, placeOf } from "./world.js";

// In the drawing six degrees are one.
const x = (lon) => lon / 6 + 29.5;
const y = (lat) => 13.5 - lat / 6;

export function map(element, { title }) {
  const [svg, tell] = drawing(element, title, `<path class=land d="${land(x, y)}"/><circle r=1 />`);
  svg.setAttribute("viewBox", "-1 -1 61 25");
  return (it) => {
    const { lat, lon } = placeOf(it) ?? {};
    tell({ lat, lon });
    svg.lastChild.style = `transform:translate(${x(lon)}px,${y(lat)}px)`;
  };
}
