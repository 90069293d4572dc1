// The draft on the page: its cards, a handle over each, and the settings of the selected widget.
import { draft, widgetsOf } from "./draft.js";
import { addHandles, describe, handleOf } from "./handles.js";
import { host } from "./host.js";
import { settings } from "./panel.js";
import { onTurn } from "./place.js";
import { showSettings } from "./settings.js";

const grid = document.querySelector(".grid");

export let selected;
// What handles and settings ask for, and whether the visitor went to another page of the draft.
let on, turned;

// Cards that the page built: of another's layout, of another page of this one, of other variables.
const watch = new MutationObserver(() => turned ? dress() : show());

export function openView(actions) {
  on = actions;
  watch.observe(grid, { childList: true });
  addEventListener("hashchange", turn, true);
  onTurn(() => show());
  show();
}

export function closeView() {
  watch.disconnect();
  removeEventListener("hashchange", turn, true);
  onTurn();
  selected = undefined;
}

function turn() {
  turned = true;
}

// Shows the draft; `focus` is the widget whose handle gets the focus.
export function show(focus) {
  redraw();
  if (focus) handleOf(focus)?.focus();
}

export function redraw(settingsStay) {
  host.showLayout(draft);
  dress(settingsStay);
}

// Puts handles over the cards that are new.
function dress(settingsStay) {
  turned = false;
  addHandles(on);
  if (settingsStay) describe(selected);
  else select(widgetsOf().includes(selected) ? selected : undefined);
  watch.takeRecords();
}

export function select(widget) {
  selected = widget;
  describe(selected);
  showSettings(settings, selected, on);
}

// Shows the draft with another widget selected, if it is on the page that is shown.
export function showSelected(widget, focus) {
  selected = widget;
  show(focus);
}

// Shows the page of the draft that has this id, or the first one.
export function goTo(id = "") {
  history.replaceState(null, "", "#" + id);
  show();
}
