// The handles over the cards: they select, and move and resize by pointer and by keys.
import { add } from "../element.js";
import { keep, undo, widgetsOf } from "./draft.js";
import { host } from "./host.js";
import { isPlaced, move, pin, placeOf, remember, shownAt } from "./place.js";

const grid = document.querySelector(".grid");
const EDGE = 40; // pixels, where dragging scrolls
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The widget that moved last: while it goes on, what it pushed aside comes back when it has passed by.
let mover;

export const cardOf = (widget) => grid.children[widgetsOf().indexOf(widget)];
export const handleOf = (widget) => cardOf(widget)?.lastChild;

// Puts a handle over every card. `on` has placed(widget), select(widget, byKey) and remove(widget).
export function addHandles(on) {
  mover = undefined;
  for (const widget of widgetsOf()) {
    const card = cardOf(widget);
    for (const part of card.children) part.inert = true;
    const handle = add(card, "button", { className: "handle" });
    add(handle, "b");
    listen(handle, widget, on);
  }
  describe();
}

// Says on every handle what it holds, and where; marks the selected one.
export function describe(selected) {
  for (const widget of widgetsOf()) {
    const handle = handleOf(widget);
    handle.ariaLabel = `${handle.parentNode.ariaLabel}, ${where(widget)}`;
    handle.ariaPressed = widget === selected;
  }
}

export function where(widget) {
  const place = placeOf(widget, shownAt());
  const { x, y, width, height } = place;
  return (isPlaced(place) ? `column ${x + 1}, row ${y + 1}, ` : "") + `${width} × ${height}`;
}

// From now on the widgets of this page have places of their own.
function start(widget) {
  const at = shownAt();
  const widgets = widgetsOf();
  keep();
  pin(widgets, at);
  if (mover !== widget) remember(widgets, at);
  mover = widget;
  return placeOf(widget, at);
}

function step(widget, place) {
  const at = shownAt();
  const widgets = widgetsOf();
  move(widgets, widget, at, place);
  for (const one of widgets) {
    const { x, y, width, height } = placeOf(one, at);
    const name = "--area" + at.replace("_", "-");
    cardOf(one).style.setProperty(name, `${y + 1}/${x + 1}/span ${height}/span ${width}`);
  }
}

// Where a place is after so many cells to the right and down, of its edge or of all of it.
function shifted({ x, y, width, height }, right, down, resizes) {
  return resizes ? { x, y, width: width + right, height: height + down } : { x: x + right, y: y + down, width, height };
}

function listen(handle, widget, on) {
  handle.onclick = ({ detail }) => on.select(widget, !detail);

  handle.onkeydown = (event) => {
    const by = STEPS[event.key];
    if (event.key === "Delete") return on.remove(widget);
    if (!by) return;
    event.preventDefault();
    step(widget, shifted(start(widget), ...by, event.shiftKey));
    handle.parentNode.scrollIntoView({ block: "nearest" });
    on.placed(widget);
  };

  handle.onpointerdown = ({ pageX, pageY, pointerId, pointerType, target, button }) => {
    // The first touch selects: others must be able to scroll the page.
    if (button || (pointerType === "touch" && handle.ariaPressed !== "true")) return;
    const count = host.columnsOf(widgetsOf(), shownAt());
    const width = grid.clientWidth / count;
    const height = parseFloat(getComputedStyle(grid).gridTemplateRows);
    let from, last = "0,0";
    handle.setPointerCapture(pointerId);
    handle.onpointermove = (event) => {
      const by = [Math.round((event.pageX - pageX) / width), Math.round((event.pageY - pageY) / height)];
      if (last === "" + by) return;
      last = "" + by;
      if (event.clientY < EDGE) scrollBy(0, -EDGE);
      if (event.clientY > document.querySelector("aside").getBoundingClientRect().top - EDGE) scrollBy(0, EDGE);
      from ??= start(widget);
      step(widget, shifted(from, ...by, target !== handle));
    };
    handle.onpointerup = () => {
      handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
      if (from) on.placed(widget);
    };
    handle.onpointercancel = () => {
      handle.onpointerup();
      if (from) undo();
    };
  };
}
