// The draft's pages: the tabs.
import { draft, pageNow, widgetsOf } from "./draft.js";

const MAIN = { id: "0", name: "Main", position: 0 }; // the cloud's main page

// Returns the id of a new page; what is there goes to a main page if there were no pages.
export function addPage() {
  const { pages } = draft;
  if (!pages[0]) {
    for (const widget of draft.widgets) widget.page_id = MAIN.id;
    pages.push({ ...MAIN });
  }
  let number = pages.length + 1;
  const isTaken = ({ id }) => id === "page-" + number;
  while (pages.some(isTaken)) number++;
  const id = "page-" + number;
  pages.push({ id, name: "Page " + number, position: pages.at(-1).position + 1 });
  return id;
}

// Removes the present page with its widgets. Returns the id of the page to be shown; undefined without pages.
export function removePage() {
  const gone = pageNow();
  const widgets = widgetsOf(gone);
  draft.widgets = draft.widgets.filter((widget) => !widgets.includes(widget));
  draft.pages = draft.pages.filter((page) => page !== gone);
  return draft.pages[0]?.id;
}
