// AdvancedMap: where a Location was, as a line on the world, zoomed to it: live, or over a time.
import { select, signOf } from "./page.js";
import { recall } from "./past.js";
import { drawing, land, placeOf } from "./world.js";

const RANGES = ["live", "1 h", "1 d", "7 d", "all"];
const DEGREE = 111_320; // metres of latitude
const CLOSEST = 0.001; // degrees that are shown at least
const TURN = 360;

// The parts of a track, lists of places; `points` has null where nothing was known. Who crosses 180° goes on beyond it.
function partsOf(points) {
  const parts = [[]];
  let before;
  for (const point of points) {
    const place = placeOf(point);
    if (!place) parts.push([]);
    else {
      if (before) place.lon += Math.round((before.lon - place.lon) / TURN) * TURN;
      parts.at(-1).push((before = place));
    }
  }
  return parts;
}

// The least and the most, and what is between them.
function span(numbers) {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return { middle: (least + most) / 2, length: Math.max(most - least, CLOSEST) };
}

// The longest of 1, 2, 5, 10 … metres within so many.
function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].find((it) => it * power <= most) * power;
}

export function advancedMap(element, { title, icon, variables: [variable] }) {
  const sign = signOf(icon);
  const pin = sign ? `<text class=pin dy=.3em></text>` : `<circle r=6 />`;
  const showRange = select(element, "range", RANGES, choose);
  element.firstChild.about = { writable: true };
  const [svg, tell] = drawing(element, title, `<path class=land /><path class=track />${pin}<path class=scale /><text/>`);
  const [dots, track, mark, scale, length] = svg.children;
  if (sign) mark.textContent = sign;
  // What the board has told of which range, and whether it was out of reach since.
  let past, range, wasOffline;

  function choose(now) {
    range = now;
    past = { asked: 0, points: [] };
    showRange(range);
    recall(variable, range, (told) => {
      if (told.range !== range || !told.points.some(({ value }) => value)) return;
      past = told;
      show();
    });
  }

  function show() {
    if (wasOffline && !variable.offline) choose(range);
    wasOffline = variable.offline;
    const seen = variable.points.filter(({ time }) => time > past.asked);
    const parts = partsOf([...past.points, ...seen, variable].map(({ value }) => value));
    const places = parts.flat();
    const here = places.at(-1);
    const { clientWidth, clientHeight } = svg;
    if (!here || !clientWidth) return;
    tell(variable.value);
    const lat = span(places.map((it) => it.lat));
    const lon = span(places.map((it) => it.lon));
    // True to scale in its middle; at a pole that would have no width.
    const narrow = Math.max(0.01, Math.cos(lat.middle * Math.PI / 180));
    const zoom = 0.7 * Math.min(clientWidth / lon.length / narrow, clientHeight / lat.length);
    const x = (at) => ((at - lon.middle) * narrow * zoom).toFixed(1);
    const y = (at) => ((lat.middle - at) * zoom).toFixed(1);
    const [left, top] = [-clientWidth / 2, -clientHeight / 2];
    svg.setAttribute("viewBox", [left, top, clientWidth, clientHeight]);
    const turns = [-TURN, 0, TURN];
    dots.setAttribute("d", turns.map((turn) => land((at) => x(at + turn), y)).join(""));
    track.setAttribute("d", parts.map((part) => {
      return part.map((it, i) => (i ? "L" : "M") + x(it.lon) + " " + y(it.lat)).join("");
    }).join(""));
    mark.style = `transform:translate(${x(here.lon)}px,${y(here.lat)}px)`;
    const metres = roundLength(clientWidth / 3 / zoom * DEGREE);
    scale.setAttribute("d", `M${left + 8} ${-top - 14}v6h${metres / DEGREE * zoom}v-6`);
    length.textContent = metres < 1000 ? metres + " m" : metres / 1000 + " km";
    length.style = `transform:translate(${left + 12}px,${-top - 12}px)`;
  }

  choose(0);
  new ResizeObserver(show).observe(svg);
  return show;
}
