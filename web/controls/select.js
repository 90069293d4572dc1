// A list to choose from. Returns show(value).
import { add, addText } from "../element.js";

// Without values a label's place in the list is its value.
export function select(element, name, labels, write, values = [...labels.keys()]) {
  const it = add(element, "select", { ariaLabel: name });
  for (const label of labels) addText(it, "option", label);
  it.onchange = () => write(values[it.selectedIndex]);
  return (value) => (it.selectedIndex = values.indexOf(value));
}
