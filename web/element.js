// Elements of the document, and texts in them.
import { textOf } from "./outside.js";

// Adds an element to a parent. `properties` are the page's own words: what comes from outside may be the value of one,
// never the object itself.
export const add = (parent, tag, properties) => {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
};

// The same with a text, which can be anything: it is only ever shown.
export const addText = (parent, tag, text, properties) =>
  add(parent, tag, { ...properties, textContent: textOf(text) });

// A line for several controls, with its name before them.
export function addRow(parent, name) {
  const row = add(parent, "div", { className: "row" });
  addText(row, "span", name);
  return row;
}

// Sets a text unless it is there already, so that a screen reader does not say it again.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
