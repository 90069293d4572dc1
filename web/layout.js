// The layout, the board's dashboard.json: its pages as tabs, its widgets at their places in the grid's cells.
// A widget has two places: `at` "" the one on desktops, `at` "_mobile" the one on phones.
import { addText } from "./element.js";
import { listOf, numberOf, textOf, widgetOf } from "./outside.js";

// So many columns at least; rows are as high as columns are wide.
const COLUMNS = 24;
const COLUMNS_MOBILE = 4;
// A browser lays out no more in reasonable time.
const MOST = 999;
const BROKEN = { type: "StickyNote", name: "dashboard.json", options: { text: "not a dashboard" } };

const tabs = document.querySelector("[role=tablist]");

// The layout {name, pages, widgets} of a text. Without `widgets` each variable has its card.
export function readLayout(text) {
  try {
    const { name, pages, widgets } = JSON.parse(text || "{}");
    return {
      name: textOf(name),
      pages: listOf(pages ?? []).map(Object).sort((one, two) => numberOf(one.position) - numberOf(two.position)),
      widgets: text && widgets.map(widgetOf),
    };
  } catch {
    return { pages: [], notice_: BROKEN };
  }
}

export function showTabs({ pages }) {
  tabs.replaceChildren();
  for (const { id, name } of pages[1] ? pages : []) {
    addText(tabs, "a", name ?? id, { role: "tab", href: "#" + textOf(id), dir: "auto" });
  }
}

tabs.onkeydown = ({ key, target }) => {
  const next = { ArrowRight: target.nextSibling, ArrowLeft: target.previousSibling }[key];
  next?.focus();
  next?.click();
};

// The widgets of the page that the address names, or of the first one.
export function widgetsOfPage({ pages, widgets }) {
  const all = [...tabs.children];
  const now = Math.max(0, all.findIndex(({ hash }) => hash === location.hash));
  all.forEach((tab, i) => (tab.ariaSelected = i === now));
  return widgets.filter(({ page_id }) => Math.max(0, pages.findIndex(({ id }) => id === page_id)) === now);
}

// Where a widget is, {x, y, width, height} in cells. Without an x or a y it follows in order; without a size it has the
// usual one, of a `big` widget or of another, on phones half of it.
export function placeOf(widget, at, big) {
  const usual = (big ? 8 : 4) / (at ? 2 : 1);
  const cells = (field) => Math.min(MOST, Math.floor(numberOf(widget[field + at])));
  const size = (field) => Math.max(0, cells(field)) || usual;
  return { x: cells("x"), y: cells("y"), width: size("width"), height: size("height") };
}

// How many columns the grid of these widgets has.
export function columnsOf(widgets, at) {
  const ends = widgets.map((it) => placeOf(it, at)).map(({ x, width }) => x + width || 0);
  return Math.max(at ? COLUMNS_MOBILE : COLUMNS, ...ends);
}

export function styleOfCard(widget, big) {
  const area = (at) => {
    const { x, y, width, height } = placeOf(widget, at, big);
    const from = x >= 0 && y >= 0 ? `${y + 1}/${x + 1}` : "auto/auto";
    return `${from}/span ${height}/span ${width}`;
  };
  return `--area:${area("")};--area-mobile:${area("_mobile")}`;
}

export function styleOfGrid(widgets) {
  return `--columns:${columnsOf(widgets, "")};--columns-mobile:${columnsOf(widgets, "_mobile")}`;
}
