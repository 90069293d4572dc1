// The layout, the board's dashboard.json: its pages as tabs, its widgets at their places in the grid's cells.
import { add } from "./element.js";

// So many columns at least; rows are as high as columns are wide.
const COLUMNS = 24;
const COLUMNS_MOBILE = 4;
const BROKEN = { type: "StickyNote", name: "dashboard.json", options: { text: "not a dashboard" } };

const tabs = document.querySelector("[role=tablist]");

// The layout {name, pages, widgets} of a text. Without `widgets` each variable has its card.
export function readLayout(text) {
  try {
    const { name, pages, widgets } = JSON.parse(text || "{}");
    return {
      name,
      pages: (pages ?? []).sort((one, two) => one.position - two.position),
      widgets: text && widgets.filter((it) => it),
    };
  } catch {
    return { pages: [], notice_: BROKEN };
  }
}

export function showTabs({ pages }) {
  tabs.replaceChildren();
  for (const { id, name } of pages[1] ? pages : []) {
    add(tabs, "a", { textContent: name, role: "tab", href: "#" + id, dir: "auto" });
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

// The style that puts a card at its widget's place; without one it follows in order, in a usual size.
export function placeOf(widget, big) {
  const area = (at, size) => {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => widget[name + at]);
    const from = x >= 0 && y >= 0 ? `${y + 1}/${x + 1}` : "auto/auto";
    return `${from}/span ${height || size}/span ${width || size}`;
  };
  return `--area:${area("", big ? 8 : 4)};--area-mobile:${area("_mobile", big ? 4 : 2)}`;
}

// The style that gives the grid its columns.
export function columnsOf(widgets) {
  const most = (least, at) => Math.max(least, ...widgets.map((it) => it["x" + at] + it["width" + at] || 0));
  return `--columns:${most(COLUMNS, "")};--columns-mobile:${most(COLUMNS_MOBILE, "_mobile")}`;
}
