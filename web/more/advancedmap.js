// AdvancedMap: where a Location was, as a line on the world, zoomed to it: live, or over a time.
import { roundUp } from "./chartaxes.js";
import { add, select } from "./page.js";
import { recall } from "./past.js";
import { land, world } from "./world.js";

const RANGES = ["live", "1 h", "1 d", "7 d", "all"];
const DEGREE = 111_320; // metres of latitude
const CLOSEST = 0.001; // degrees that are shown at least
const FILLED = 0.7; // of the drawing, by the track
const TURN = 360;

// The parts of a track, lists of places {lat, lon}: `values` has none where nothing was known. Who crosses 180° goes
// on beyond it.
function partsOf(values) {
  const parts = [[]];
  let before;
  for (const value of values) {
    const [lat, lon] = Array.isArray(value) ? value : [value?.lat, value?.lon];
    if (lat == null || lon == null) parts.push([]);
    else {
      const turns = before ? Math.round((before.lon - lon) / TURN) : 0;
      parts.at(-1).push((before = { lat, lon: lon + turns * TURN }));
    }
  }
  return parts;
}

// The middle of these numbers, and how far apart they are.
function span(numbers) {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return [(least + most) / 2, Math.max(most - least, CLOSEST)];
}

export function advancedMap(element, { title, variables: [variable] }) {
  const foot = add(element, "div", { className: "key local" });
  const showRange = select(foot, "range", RANGES, choose);
  const [svg, showPlace] = world(element, title, foot);
  const [dots, track, scale, length] = svg.children;
  // What the board has told of which range, and whether it was out of reach since.
  let past, range, wasOffline;

  function choose(now) {
    range = now;
    past = { steps: [] };
    showRange(range);
    recall(variable, range, (told) => {
      if (told.range !== range || !told.steps.some(({ value }) => value)) return;
      past = told;
      show();
    });
  }

  // What is known of the range, and what this page saw since.
  function show() {
    if (wasOffline && !variable.offline) choose(range);
    wasOffline = variable.offline;
    const seen = variable.points.filter(({ time }) => !(time < past.asked));
    const parts = partsOf([...past.steps, ...seen[0] ? seen : [variable]].map(({ value }) => value));
    if (parts.at(-1)[0] && svg.clientWidth) draw(parts, svg.clientWidth, svg.clientHeight);
  }

  function draw(parts, width, height) {
    const places = parts.flat();
    const [middleLat, lats] = span(places.map(({ lat }) => lat));
    const [middleLon, lons] = span(places.map(({ lon }) => lon));
    // True to scale in the middle; at a pole that would have no width.
    const narrow = Math.max(0.01, Math.cos(middleLat * Math.PI / 180));
    const zoom = Math.min(width / lons / narrow, height / lats) * FILLED;
    const x = (lon) => (width / 2 + (lon - middleLon) * narrow * zoom).toFixed(1);
    const y = (lat) => (height / 2 - (lat - middleLat) * zoom).toFixed(1);
    const metres = roundUp(width / 8 / zoom * DEGREE);
    const put = (path, lines) => path.setAttribute("d", lines.join(""));

    put(dots, [-TURN, 0, TURN].map((turn) => land((lon) => x(lon + turn), y)));
    put(track, parts.flatMap((part) => part.map(({ lat, lon }, i) => `${i ? "L" : "M"}${x(lon)} ${y(lat)}`)));
    put(scale, [`M9 ${height - 9}v6h${metres / DEGREE * zoom}v-6`]);
    length.textContent = metres < 1000 ? metres + " m" : metres / 1000 + " km";
    showPlace(places.at(-1), x, y, [0, 0, width, height]);
  }

  choose(0);
  new ResizeObserver(show).observe(svg);
  return show;
}
