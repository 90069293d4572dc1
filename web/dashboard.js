// The dashboard: a card for each widget of the layout's page, or for each variable.
import { createCard } from "./card.js";
import { showTabs, styleOfGrid, widgetsOfPage } from "./layout.js";

// The board's variables by name.
export const variables = new Map();

const grid = document.querySelector(".grid");
let layout, built;

export function showLayout(now) {
  layout = now;
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
  grid.style = styleOfGrid(widgets);
  for (const widget of widgets) createCard(grid, widget, variables);
}

onhashchange = build;
