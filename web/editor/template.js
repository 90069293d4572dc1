// The board's dashboard.json as a template for `arduino-cloud-cli dashboard create`, and back: the rules of
// tools/template. The CLI wants names of variables, and placeholders for Things that `--override` replaces.

import { listOf, numberOf, textOf, widgetOf } from "../outside.js";

const MAIN_PAGE = "0"; // the cloud's main page is not in its list of pages
const AREA = ["x", "y", "width", "height"];

// The cloud's name of a widget's type.
export const named = (kind) => kind.replace(/([a-z])([A-Z])/g, "$1 $2");

const isId = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
const filled = (content) =>
  Object.fromEntries(Object.entries(content).filter(([, it]) => it != null && it !== "" && it.length !== 0));

// Options with new names for the variables in them: name("thing:variable"). An Image Map's markersSettings and their
// `property` are known from the CLI; all other names of the page's options for Advanced Map, Image Map, Link, Image,
// Status, Gauge and Percentage are guesses.
function renamed(options, name) {
  options = { ...options };
  for (const field of ["aggregation", "format", "axes"]) {
    const entries = Object.entries(options[field] ?? {});
    if (entries[0]) options[field] = Object.fromEntries(entries.map(([key, value]) => [name(key), value]));
  }
  const { markersSettings: markers } = options;
  if (Array.isArray(markers)) {
    options.markersSettings = markers.map((it) => {
      return it?.property ? { ...it, property: name(textOf(it.property)) } : it;
    });
  }
  return options;
}

// Returns placeholderOf(thing), a Thing's name or id, `usual` if it has none; and the Map of those asked for.
function placeholders(usual = "thing") {
  const known = new Map();

  function placeholderOf(thing = usual) {
    if (!known.has(thing)) {
      const plain = thing.replace(/[^\p{L}\p{N}_.-]+/gu, "-").replace(/^-+|-+$/g, "");
      const wanted = isId(thing) || !plain ? "thing" : plain;
      const taken = [...known.values()];
      let name = wanted;
      for (let i = 2; taken.includes(name); i++) name = `${wanted}-${i}`;
      known.set(thing, name);
    }
    return known.get(thing);
  }

  return [placeholderOf, known];
}

// Returns the template, and its placeholders as a Map from the Things' names.
export function toTemplate({ name, pages, widgets }, kinds) {
  const things = widgets.flatMap(({ variables }) => variables ?? []).map((it) => it.thing_id);
  const [placeholderOf, known] = placeholders(things.find(Boolean));
  // All of them first: an option may name one that comes later.
  for (const thing of things) placeholderOf(thing);

  const template = ({ type, variables = [], options, ...fields }) => filled({
    ...fields,
    type: kinds[type] ? named(type) : type,
    variables: variables.map((it) => ({ thing_id: placeholderOf(it.thing_id), variable_id: it.variable_id })),
    options: renamed(options, (key) => {
      const [, thing, name] = key.match(/^(?:(.*):)?(.*)$/s);
      const bound = variables.find((it) => it.variable_id === name); // a pin may name it alone
      const placeholder = thing ? known.get(thing) : bound && placeholderOf(bound.thing_id);
      return placeholder ? placeholder + ":" + name : key;
    }),
  });

  pages = pages.filter(({ id }) => id !== MAIN_PAGE);
  return [filled({ name, pages, widgets: widgets.map(template) }), known];
}

// The dashboard in the text of a template, or of the board's dashboard.json.
export function readTemplate(text, kinds) {
  const { name, pages, widgets } = JSON.parse(text);
  return putOnPages({
    name: textOf(name),
    pages: listOf(pages ?? []).map(readPage),
    widgets: widgets.map((it) => readWidget(widgetOf(it), kinds)),
  });
}

function readPage(page, i) {
  const id = textOf(page?.id) ?? "page-" + i;
  return { ...page, id, name: textOf(page?.name) ?? id, position: numberOf(page?.position) ?? i };
}

function readWidget({ type, name, page_id, variables, options, ...fields }, kinds) {
  type = textOf(type) ?? "Value";
  const plain = type.replaceAll(" ", "");
  const known = Object.keys(kinds).find((kind) => kind.toLowerCase() === plain.toLowerCase());
  const widget = { type: known ?? type, name: textOf(name) };
  for (const at of ["", "_mobile"]) {
    const area = AREA.map((field) => [field + at, numberOf(fields[field + at])]);
    // The CLI writes 0 for all that a template leaves out: a widget has no such size.
    if (area.some(([, value]) => value)) Object.assign(widget, Object.fromEntries(area));
  }
  widget.page_id = textOf(page_id);
  widget.variables = listOf(variables ?? []).map(readVariable);
  if (Object.keys(options ?? {})[0]) widget.options = { ...options };
  return filled(widget);
}

function readVariable(variable) {
  const [thing_id, id, name] = ["thing_id", "variable_id", "name"].map((field) => textOf(variable?.[field]));
  return { thing_id, variable_id: id && !isId(id) ? id : name ?? id ?? textOf(variable ?? "null") };
}

// The pages in their order, the main one among them if a widget is on it.
function putOnPages(dashboard) {
  const { name, widgets, pages } = dashboard;
  pages.sort((one, two) => one.position - two.position);
  const isMain = ({ id, page_id }) => (page_id ?? id) === MAIN_PAGE;
  if (pages[0] && !pages.some(isMain) && widgets.some(isMain)) {
    pages.unshift({ id: MAIN_PAGE, name: name || "Main", position: pages[0].position - 1 });
  }
  return dashboard;
}
