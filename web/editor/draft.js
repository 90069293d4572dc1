// The draft: the dashboard as it is being edited, and what it was before each change.

export let draft;
let past;

export function begin(dashboard) {
  draft = dashboard;
  past = [];
}

export function replace(dashboard) {
  draft = dashboard;
}

// To be called before a change: this is where undo() goes back to.
export function keep() {
  past.push(JSON.stringify(draft));
}

// Returns whether there was something to undo.
export function undo() {
  const last = past.pop();
  if (last) draft = JSON.parse(last);
  return !!last;
}

export const isChanged = () => past.length > 0;

const pageOf = (widget) => draft.pages.find(({ id }) => id === widget.page_id) ?? draft.pages[0];

// The page whose tab is selected; undefined without pages.
export function pageNow() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  return draft.pages[Math.max(0, tabs.findIndex((tab) => tab.ariaSelected === "true"))];
}

// The widgets of a page, in the order of their cards.
export const widgetsOf = (page = pageNow()) => draft.widgets.filter((widget) => pageOf(widget) === page);
