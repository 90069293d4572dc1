// What the user does to the draft: with the panel's commands, and on handles and in settings.
import { textOf } from "../outside.js";
import { draft, keep, pageNow, undo, widgetsOf } from "./draft.js";
import { cardOf, describe, handleOf, where } from "./handles.js";
import { host } from "./host.js";
import { addPage, removePage } from "./pages.js";
import { focusSettings, panel, tell } from "./panel.js";
import { forget, pin, shownAt } from "./place.js";
import { bind } from "./settings.js";
import { goTo, redraw, select, selected, show, showSelected } from "./view.js";

const grid = document.querySelector(".grid");

// What handles and settings ask for.
export const on = {
  select(widget, byKey) {
    select(widget);
    if (byKey) focusSettings();
  },

  placed(widget) {
    if (widget !== selected) select(widget);
    describe(selected);
    tell(`${cardOf(widget).ariaLabel}: ${where(widget)}`);
  },

  change(change, settingsStay) {
    keep();
    change();
    redraw(settingsStay);
    tell("Changed");
  },

  remove(widget) {
    const all = widgetsOf();
    const at = all.indexOf(widget);
    const name = cardOf(widget).ariaLabel;
    keep();
    draft.widgets.splice(draft.widgets.indexOf(widget), 1);
    show(all[at + 1] ?? all[at - 1]);
    if (document.activeElement === document.body) panel.querySelector("button").focus();
    tell(name + " removed");
  },

  close() {
    const { activeElement } = document;
    const handle = handleOf(selected);
    select();
    if (!grid.contains(activeElement)) handle.focus();
  },

  addPage() {
    keep();
    goTo(addPage());
    tell("Page added");
  },

  removePage() {
    const { name } = pageNow();
    keep();
    goTo(removePage());
    tell(`${name} removed`);
  },

  changePage(widget, id) {
    keep();
    widget.page_id = id;
    forget(widget);
    goTo(id);
    pin(widgetsOf(), shownAt());
    show(widget);
    tell(`${cardOf(widget).ariaLabel} moved to ${pageNow().name}`);
  },
};

// Widgets that the page chose and placed become the draft's.
export function makeExplicit() {
  draft.widgets = [...host.variables.values()].map((variable) => {
    const { widget, title, ...options } = variable.options ?? {};
    return { ...asShown(variable), variables: [{ variable_id: variable.name }], options };
  });
  pin(draft.widgets, "");
}

// The type and the name of the widget that the page shows for a variable by itself.
function asShown(variable) {
  const { options = {}, name } = variable;
  const [type] = host.choose(options.widget, { ...options, ...variable });
  return { type, name: textOf(options.title || name) };
}

export function addWidget() {
  const used = draft.widgets.flatMap((it) => it.variables ?? []).map((it) => it.variable_id);
  const free = [...host.variables.values()].find(({ name }) => !used.includes(name));
  const widget = { page_id: pageNow()?.id };
  keep();
  if (free) bind(Object.assign(widget, asShown(free)), 0, free.name);
  else Object.assign(widget, { type: "StickyNote", name: "Note", options: { text: "A note" } });
  draft.widgets.push(widget);
  pin(widgetsOf(), shownAt());
  showSelected(widget);
  cardOf(widget).scrollIntoView({ block: "nearest" });
  focusSettings();
  tell(`${widget.name} added`);
}

export function takeBack() {
  const at = widgetsOf().indexOf(selected);
  const focused = widgetsOf().findIndex((it) => handleOf(it) === document.activeElement);
  if (!undo()) return tell("Nothing to undo");
  showSelected(widgetsOf()[at]);
  handleOf(widgetsOf()[focused])?.focus();
  tell("Undone");
}
