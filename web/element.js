// Adds an element to a parent. Text is only ever text, so a name or a value can hold anything.
export function add(parent, tag, attributes, text = "") {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.textContent = text;
  parent.append(element);
  return element;
}

// Sets a text unless it is there already, so that a screen reader does not say it again.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Sets custom properties, for the style sheet to draw with.
export function paint(element, properties) {
  for (const name in properties) element.style.setProperty("--" + name, properties[name]);
}
