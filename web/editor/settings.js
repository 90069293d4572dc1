// The settings of the selected widget, or of the dashboard and its pages.
import { add, addText } from "../element.js";
import { listOf, textOf } from "../outside.js";
import { valueOf } from "../values.js";
import { draft, pageNow } from "./draft.js";
import { handleOf } from "./handles.js";
import { host } from "./host.js";
import { named } from "./template.js";

const UNBOUND = ["StickyNote", "Image", "Link"];
// The most variables of those that show more than one.
const MANY = { AdvancedChart: 5, ImageMap: 20 };
const OPTIONS = {
  Slider: ["min", "max", "step", "unit"],
  Stepper: ["min", "max", "step", "unit"],
  Gauge: ["min", "max", "unit", "thresholds"],
  Percentage: ["min", "max", "unit", "thresholds", "icon"],
  Status: ["trueText", "falseText", "trueColor", "falseColor"],
  Value: ["unit"],
  ValueSelector: ["values"],
  ValueDropdown: ["values"],
  StickyNote: ["text"],
  Image: ["src", "interval"],
  ImageMap: ["src", "markersSettings"],
  Link: ["url", "label"],
};
const NUMBERS = ["min", "max", "step", "interval"];
// What each entry of a list has: its text is "first=second=…, …".
const PARTS = {
  values: ["value", "label"],
  thresholds: ["value", "color", "icon"],
  markersSettings: ["property", "x", "y", "label"],
};
const LABELS = { markersSettings: "pins" };
const EXAMPLES = { values: "0=off, 1=on", thresholds: "0=blue, 20=red", markersSettings: "pump=20=50=Pump" };

// Is a widget of this type right for the variable, as far as is known?
function fits(kind, { type }) {
  const [, types] = host.kinds[kind] ?? [];
  return !UNBOUND.includes(kind) && (!types || !type || types.split(" ").includes(type));
}

function entry(parent, name, tag, properties, change) {
  const box = add(parent, "div", { className: "entry" });
  addText(box, "span", name);
  return add(box, tag, { ariaLabel: name, dir: "auto", ...properties, onchange: ({ target }) => change(target.value) });
}

// `choices` is a list of {value, label, disabled}.
function choice(parent, name, choices, value, change) {
  const select = entry(parent, name, "select", {}, change);
  for (const it of choices) addText(select, "option", it.label ?? it.value, it);
  select.value = value;
}

const command = (parent, text, onclick) => addText(parent, "button", text, { onclick });

// `on` has change(function, true if the settings stay), changePage(widget, id), remove(widget), close(), addPage() and
// removePage().
export function showSettings(parent, widget, on) {
  const active = parent.contains(document.activeElement) && document.activeElement.ariaLabel;
  parent.replaceChildren();
  if (widget) showWidget(parent, widget, [...host.variables.values()], on);
  else showDashboard(parent, on);
  if (active) [...parent.querySelectorAll("[aria-label]")].find((it) => it.ariaLabel === active)?.focus();
}

function showWidget(parent, widget, all, on) {
  const title = { value: widget.name ?? "", placeholder: handleOf(widget).parentNode.ariaLabel };
  entry(parent, "title", "input", title, (text) => on.change(() => (widget.name = text || undefined), true));
  showType(parent, widget, all, on);
  if (!UNBOUND.includes(widget.type)) showVariables(parent, widget, all, on);
  for (const name of OPTIONS[widget.type] ?? []) showOption(parent, widget, name, all, on);
  if (draft.pages[1]) {
    const pages = draft.pages.map(({ id, name }) => ({ value: id, label: name }));
    choice(parent, "page", pages, pageNow().id, (id) => on.changePage(widget, id));
  }
  command(parent, "Remove", () => on.remove(widget));
  command(parent, "Done", on.close);
}

// All types, with what they bind to; those that nothing on the board fits cannot be chosen.
function showType(parent, widget, all, on) {
  const types = Object.entries(host.kinds).map(([value, [, fitting = "any"]]) => ({
    value,
    label: named(value) + (UNBOUND.includes(value) ? "" : ` (${fitting.replaceAll(" ", ", ")})`),
    disabled: !UNBOUND.includes(value) && !all.some((it) => fits(value, it)),
  }));
  if (!host.kinds[widget.type]) types.push({ value: widget.type });
  choice(parent, "type", types, widget.type, (value) => on.change(() => setType(widget, value, all)));
}

// The variables that fit, and those that are bound but not on the board.
function showVariables(parent, widget, all, on) {
  const { type, variables = [] } = widget;
  const names = variables.map((it) => it.variable_id);
  const fitting = all.filter((it) => fits(type, it)).map(({ name }) => name);
  const count = Math.min(MANY[type] ?? 1, names.length + 1);
  for (let i = 0; i < count; i++) {
    const choices = [...new Set([...fitting, ...names.slice(i, i + 1)])].map((value) => ({ value }));
    if (i || !names[0]) choices.unshift({ value: "", label: "–" });
    const name = "variable" + (i ? " " + (i + 1) : "");
    choice(parent, name, choices, names[i] ?? "", (value) => on.change(() => bind(widget, i, value)));
  }
}

function showOption(parent, widget, name, all, on) {
  const { options = {} } = widget;
  const key = name === "text" && "content" in options ? "content" : name;
  const bound = all.find((it) => it.name === widget.variables?.[0]?.variable_id);
  const written = (value) => PARTS[name] ? writeList(value, PARTS[name]) : textOf(value);
  const properties = { value: written(options[key]) ?? "", placeholder: written(bound?.options?.[key]) ?? "" };
  if (NUMBERS.includes(name)) Object.assign(properties, { type: "number", step: "any" });
  properties.placeholder ||= EXAMPLES[name] ?? "";
  entry(parent, LABELS[name] ?? name, name === "text" ? "textarea" : "input", properties, (text) => on.change(() => {
    const value = NUMBERS.includes(name) ? +text : PARTS[name] ? readList(text, name, options[key], bound?.type) : text;
    widget.options = { ...widget.options, [key]: text === "" ? undefined : value };
  }, true));
}

// A list as text: "0=off, 1=on". Its entries are objects of these parts, or just the first.
function writeList(list, parts) {
  const write = (it) => parts.map((part, i) => textOf(it?.[part] ?? (i ? undefined : valueOf(it))) ?? "").join("=");
  return listOf(list)?.map((it) => write(it).replace(/=+$/, "")).join(", ");
}

// What an entry had besides these parts it keeps. No comma within brackets ends one: rgb(1, 2, 3).
function readList(text, name, before, type) {
  const [first, ...others] = PARTS[name];
  const isText = name === "markersSettings" || name === "values" && type === "string";
  return text.split(/,(?![^(]*\))/).map((it) => {
    const [start, ...rest] = it.split("=").map((part) => part.trim());
    const value = isText || isNaN(start) ? start : +start;
    const known = listOf(before)?.find((it) => it?.[first] === value);
    if (!known && !rest[0]) return value;
    const entry = { ...known, [first]: value };
    others.forEach((part, i) => {
      if (rest[i]) entry[part] = part === "x" || part === "y" ? +rest[i] : rest[i];
      else delete entry[part];
    });
    return entry;
  });
}

function setType(widget, type, all) {
  const fitting = all.filter((it) => fits(type, it)).map(({ name }) => name);
  const bound = widget.variables?.filter((it) => fitting.includes(it.variable_id)) ?? [];
  widget.type = type;
  // What the new type does not know would be exported, and nothing would show it.
  for (const it in widget.options) if (!OPTIONS[widget.type]?.includes(it)) delete widget.options[it];
  if (!bound[0] && fitting[0]) bind(widget, 0, fitting[0]);
  else widget.variables = bound;
  widget.variables.splice(MANY[type] ?? 1);
}

// The board is one Thing: it is that of the others.
export function bind(widget, i, variable_id) {
  const { thing_id } = draft.widgets.flatMap(({ variables }) => variables ?? []).find((it) => it.thing_id) ?? {};
  const variables = [...widget.variables ?? []];
  if (variable_id) variables[i] = { thing_id, variable_id };
  else variables.splice(i, 1);
  widget.variables = variables;
}

function showDashboard(parent, on) {
  const page = pageNow();
  const title = { value: draft.name ?? "", placeholder: document.title };
  entry(parent, "dashboard", "input", title, (text) => on.change(() => (draft.name = text || undefined), true));
  if (page) {
    const rename = (text) => on.change(() => (page.name = text || page.name), true);
    entry(parent, "page", "input", { value: page.name }, rename);
  }
  command(parent, "Add page", on.addPage);
  if (draft.pages[1]) command(parent, "Remove page", on.removePage);
}
