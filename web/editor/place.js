// Where widgets are in the grid's cells: {x, y, width, height}, once for desktops, `at` "", and once for "_mobile".
import { host } from "./host.js";

const FIELDS = ["x", "y", "width", "height"];
const phone = matchMedia("(max-width: 640px)");

// Where the others were before one began to move.
let before;

// Which of the two is on the screen.
export const shownAt = () => phone.matches ? "_mobile" : "";

// Calls `act` when the other one comes on the screen.
export function onTurn(act = null) {
  phone.onchange = act;
}

export function placeOf(widget, at) {
  const [, , big] = host.kinds[widget.type] ?? [];
  return host.placeOf(widget, at, big);
}

// Has it a place of its own, or does the browser find one?
export const isPlaced = ({ x, y }) => x >= 0 && y >= 0;

function put(widget, at, place) {
  for (const name of FIELDS) widget[name + at] = place[name];
}

export function forget(widget) {
  for (const name of ["x", "y", "x_mobile", "y_mobile"]) delete widget[name];
}

const overlap = (one, two) =>
  one.x < two.x + two.width && two.x < one.x + one.width && one.y < two.y + two.height && two.y < one.y + one.height;

// Gives those without one a place of their own: that which the browser gives them.
export function pin(widgets, at) {
  const count = host.columnsOf(widgets, at);
  const taken = widgets.map((widget) => placeOf(widget, at)).filter(isPlaced);
  let x = 0, y = 0;
  for (const widget of widgets) {
    const place = placeOf(widget, at);
    if (isPlaced(place)) continue;
    place.width = Math.min(place.width, count);
    const fits = () => x + place.width <= count && !taken.some((it) => overlap(it, { ...place, x, y }));
    while (!fits()) {
      if (++x + place.width > count) {
        x = 0;
        y++;
      }
    }
    put(widget, at, { ...place, x, y });
    taken.push(placeOf(widget, at));
  }
}

// To be called before a widget moves, once for all its steps.
export function remember(widgets, at) {
  before = widgets.map((widget) => placeOf(widget, at));
}

// Moves or resizes a widget to this place, as far as the grid goes. What is in its way goes down.
export function move(widgets, widget, at, wanted) {
  const count = host.columnsOf(widgets, at);
  const { width } = placeOf(widget, at);
  const x = Math.max(0, Math.min(wanted.x, count - width));
  widgets.forEach((other, i) => put(other, at, before[i]));
  put(widget, at, {
    x,
    y: Math.max(0, wanted.y),
    width: Math.max(1, Math.min(wanted.width, count - x)),
    height: Math.max(1, wanted.height),
  });
  makeRoom(widgets, widget, at);
}

function makeRoom(widgets, widget, at) {
  const place = placeOf(widget, at);
  for (const other of widgets) {
    const its = placeOf(other, at);
    if (other === widget || !overlap(place, its)) continue;
    put(other, at, { ...its, y: place.y + place.height });
    makeRoom(widgets, other, at);
  }
}
