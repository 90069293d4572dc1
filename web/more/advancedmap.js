// AdvancedMap: where a Location was, as a line on the world, zoomed to it: live, or over a time.
import { add, select, signOf } from "./page.js";
import { recall } from "./past.js";
import { drawing, land, placeOf } from "./world.js";

const RANGES = ["live", "1 h", "1 d", "7 d", "all"];
const DEGREE = 111_320; // metres of latitude
const CLOSEST = 0.001; // degrees that are shown at least
const TURN = 360;
const FILLED = 0.7; // of the drawing, by the track

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
  const foot = add(element, "div", { className: "foot local" });
  const showRange = select(foot, "range", RANGES, choose);
  const pin = sign ? "<text class=pin dy=.3em />" : "<circle r=6 />";
  const shapes = `<path class=land /><path class=track />${pin}<path class=scale /><text/>`;
  const [svg, tell] = drawing(element, title, shapes, foot);
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

  // What is known of the range, and what this page saw since.
  function show() {
    if (wasOffline && !variable.offline) choose(range);
    wasOffline = variable.offline;
    const seen = variable.points.filter(({ time }) => time > past.asked);
    const parts = partsOf([...past.points, ...seen[0] ? seen : [variable]].map(({ value }) => value));
    if (parts.at(-1)[0] && svg.clientWidth) draw(parts);
  }

  function draw(parts) {
    const places = parts.flat();
    const here = places.at(-1);
    const { clientWidth: width, clientHeight: height } = svg;
    const lat = span(places.map((it) => it.lat));
    const lon = span(places.map((it) => it.lon));
    // True to scale in the middle; at a pole that would have no width.
    const narrow = Math.max(0.01, Math.cos(lat.middle * Math.PI / 180));
    const zoom = Math.min(width / lon.length / narrow, height / lat.length) * FILLED;
    const x = (at) => ((at - lon.middle) * narrow * zoom).toFixed(1);
    const y = (at) => ((lat.middle - at) * zoom).toFixed(1);
    const line = (part) => part.map((it, i) => (i ? "L" : "M") + x(it.lon) + " " + y(it.lat)).join("");
    const metres = roundLength(width / 3 / zoom * DEGREE);

    tell(variable.value);
    svg.setAttribute("viewBox", [width / -2, height / -2, width, height]);
    dots.setAttribute("d", [-TURN, 0, TURN].map((turn) => land((at) => x(at + turn), y)).join(""));
    track.setAttribute("d", parts.map(line).join(""));
    mark.style = `transform:translate(${x(here.lon)}px,${y(here.lat)}px)`;
    scale.setAttribute("d", `M${8 - width / 2} ${height / 2 - 8}v6h${metres / DEGREE * zoom}v-6`);
    length.textContent = metres < 1000 ? metres + " m" : metres / 1000 + " km";
    length.style = `transform:translate(${12 - width / 2}px,${height / 2 - 6}px)`;
  }

  choose(0);
  new ResizeObserver(show).observe(svg);
  return show;
}
