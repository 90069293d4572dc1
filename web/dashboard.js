// The dashboard: a card for each widget of the layout's page, or for each variable.
import { createCard } from "./card.js";
import { columnsOf, placeOf, showTabs, widgetsOfPage } from "./layout.js";

const grid = document.querySelector(".grid");
let layout, variables, built;

// Shows another layout; `all` are the variables by name.
export function showLayout(now, all) {
  layout = now;
  variables = all;
  built = 0;
  showTabs(layout);
  build();
}

// Builds the cards anew if they are no longer those that should be there.
export function build() {
  const names = [...variables.keys()];
  const now = names + location.hash;
  if (built === now) return;
  built = now;
  const widgets = layout.widgets ? widgetsOfPage(layout) : names.map((name) => ({ variables: [{ name }] }));
  if (layout.notice_) widgets.unshift(layout.notice_);
  for (const { cards_ } of variables.values()) cards_.clear();
  grid.replaceChildren();
  grid.className = layout.widgets ? "grid placed" : "grid";
  grid.style = columnsOf(widgets);
  for (const widget of widgets) {
    const card = createCard(grid, widget, variables);
    card.style = placeOf(widget, card.className);
  }
}

onhashchange = build;
