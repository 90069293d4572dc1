// Adds an element to a parent, with properties or a text.
// Text is only ever text, so a name or a value can hold anything.
export function add(parent, tag, content) {
  const properties = content instanceof Object ? content : { textContent: content };
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}

// A line for several controls, with its name before them.
export function addRow(parent, name) {
  const row = add(parent, "div", { className: "row" });
  add(row, "span", name);
  return row;
}

// Sets a text unless it is there already, so that a screen reader does not say it again.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
