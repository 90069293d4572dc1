// ValueDropdown: one of the `values`, from a list that unfolds.
import { select } from "../controls/select.js";
import { labelOf, valueOf } from "../values.js";

export function valueDropdown(element, { title, values = [] }, write) {
  return select(element, title, values.map(labelOf), write, values.map(valueOf));
}
