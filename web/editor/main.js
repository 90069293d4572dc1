// The editor of the dashboard, loaded when it is asked for. tools/web puts the text of editor.css in place of STYLE.
import { add, say } from "../element.js";
import { begin, draft, isChanged, keep, pageNow, replace, undo, widgetsOf } from "./draft.js";
import { loadDashboard, restoreAutomatic, saveDashboard } from "./file.js";
import { addHandles, cardOf, describe, handleOf, where } from "./handles.js";
import { host, setHost } from "./host.js";
import { addPage, removePage } from "./pages.js";
import { forget, onTurn, pin, shownAt } from "./place.js";
import { bind, showSettings } from "./settings.js";
import { readTemplate, toTemplate } from "./template.js";

const HINT = "Drag a widget or its corner. Arrows move, Shift + arrows resize, Delete removes, Enter opens.";
const grid = document.querySelector(".grid");
const root = document.documentElement;

let panel, settings, note, alert, watch, selected, turned, saving;

// Begins to edit; `page` is what host.js tells.
export async function edit(page) {
  let dashboard;
  try {
    dashboard = await loadDashboard(page.kinds);
  } catch ({ message }) {
    return window.alert(message);
  }
  if (panel) return; // asked for twice
  setHost(page);
  root.className = "editing";
  addPanel();
  // Cards that the page built: of another's layout, of another page of this one, of other variables.
  watch = new MutationObserver(() => turned ? dress() : show());
  watch.observe(grid, { childList: true });
  addEventListener("hashchange", turn, true);
  onTurn(() => show());
  onbeforeunload = (event) => isChanged() && event.preventDefault();
  root.onkeydown = press;
  begin(dashboard);
  if (!draft.widgets) makeExplicit();
  show();
  settings.querySelector("input").focus();
}

function addPanel() {
  panel = add(document.body, "aside", { ariaLabel: "Editor" });
  add(panel, "style", STYLE);
  const tools = add(panel, "div");
  const commands = { "Add widget": addWidget, Undo: takeBack, Export: download, Import: upload };
  Object.assign(commands, { Automatic: forgetAll, Cancel: cancel, Save: save });
  for (const [textContent, onclick] of Object.entries(commands)) add(tools, "button", { textContent, onclick });
  note = add(panel, "p", { ariaLive: "polite", textContent: HINT });
  alert = add(panel, "p", { role: "alert" });
  settings = add(panel, "div");
}

function tell(text) {
  say(alert, "");
  say(note, text);
}

function fail(text) {
  say(alert, text);
}

// Shows the draft; `focus` is the widget whose handle gets the focus.
function show(focus) {
  host.showLayout(draft);
  dress();
  if (focus) handleOf(focus)?.focus();
}

// Puts handles over the cards that are new.
function dress(settingsStay) {
  turned = false;
  addHandles(on);
  if (settingsStay) describe(selected);
  else select(widgetsOf().includes(selected) ? selected : undefined);
  watch.takeRecords();
}

function select(widget) {
  selected = widget;
  describe(selected);
  showSettings(settings, selected, on);
}

function turn() {
  turned = true;
}

// What handles and settings ask for.
const on = {
  select(widget, byKey) {
    select(widget);
    if (byKey) settings.querySelector("input").focus();
  },

  placed(widget) {
    if (widget !== selected) select(widget);
    describe(selected);
    tell(`${cardOf(widget).ariaLabel}: ${where(widget)}`);
  },

  change(change, settingsStay) {
    keep();
    change();
    host.showLayout(draft);
    dress(settingsStay);
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

function goTo(id = "") {
  history.replaceState(null, "", "#" + id);
  show();
}

// Widgets that the page chose and placed become the draft's.
function makeExplicit() {
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
  return { type, name: options.title || name };
}

function addWidget() {
  const used = draft.widgets.flatMap((it) => it.variables ?? []).map((it) => it.variable_id);
  const free = [...host.variables.values()].find(({ name }) => !used.includes(name));
  const widget = { page_id: pageNow()?.id };
  keep();
  if (free) bind(Object.assign(widget, asShown(free)), 0, free.name);
  else Object.assign(widget, { type: "StickyNote", name: "Note", options: { text: "A note" } });
  draft.widgets.push(widget);
  pin(widgetsOf(), shownAt());
  selected = widget;
  show();
  cardOf(widget).scrollIntoView({ block: "nearest" });
  settings.querySelector("input").focus();
  tell(`${widget.name} added`);
}

function takeBack() {
  const at = widgetsOf().indexOf(selected);
  const focused = widgetsOf().findIndex((it) => handleOf(it) === document.activeElement);
  if (!undo()) return tell("Nothing to undo");
  selected = widgetsOf()[at];
  show();
  handleOf(widgetsOf()[focused])?.focus();
  tell("Undone");
}

function press(event) {
  if (event.key === "Escape" && selected) on.close();
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.target.matches("input, textarea")) {
    event.preventDefault();
    takeBack();
  }
}

async function save() {
  if (saving) return;
  saving = true;
  try {
    if (await saveDashboard(draft)) {
      leave();
      host.showLayout(draft);
    }
  } catch (error) {
    fail(`Not saved: ${error.message}. Your changes are still here.`);
  }
  saving = false;
}

async function forgetAll() {
  if (!confirm("Forget this dashboard, and show every variable by itself?")) return;
  try {
    await restoreAutomatic();
    leave();
    host.showLayout({ pages: [] });
  } catch (error) {
    fail(error.message);
  }
}

function cancel() {
  if (isChanged() && !confirm("Leave without saving?")) return;
  leave();
  host.showLayout();
}

function leave() {
  watch.disconnect();
  removeEventListener("hashchange", turn, true);
  onTurn();
  onbeforeunload = root.onkeydown = null;
  root.className = "";
  selected = undefined;
  panel.remove();
  panel = undefined;
  document.querySelector("header button").focus();
}

function download() {
  const dashboard = structuredClone(draft);
  for (const { page_id } of dashboard.widgets) {
    pin(dashboard.widgets.filter((it) => it.page_id === page_id), ""); // the cloud places nothing by itself
  }
  const [template, placeholders] = toTemplate(dashboard, host.kinds);
  const name = (draft.name ?? "dashboard").replace(/[^\p{L}\p{N}_.-]+/gu, "-") + ".json";
  const href = URL.createObjectURL(new Blob([JSON.stringify(template, null, 4) + "\n"]));
  add(panel, "a", { href, download: name, hidden: true }).click();
  const things = [...placeholders.values()].map((it) => it + "=ID-OF-THE-THING");
  const override = things[0] ? " --override " + things : "";
  tell(`arduino-cloud-cli dashboard create --template ${name}${draft.name ? "" : " --name NAME"}${override}`);
}

function upload() {
  const input = add(panel, "input", { type: "file", accept: ".json", hidden: true });
  input.onchange = async () => {
    const [file] = input.files;
    try {
      const dashboard = readTemplate(await file.text(), host.kinds);
      keep();
      replace(dashboard);
      goTo();
      tell(`${file.name}: ${draft.widgets.length} widgets`);
    } catch {
      fail(`${file.name} is no dashboard in JSON. For YAML: python -m tools.template ${file.name}`);
    }
    input.remove();
  };
  input.click();
}
