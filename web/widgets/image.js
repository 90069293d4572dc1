// Image: a file from the board's folder `files`, or one that is within the dashboard.
import { add } from "../element.js";
import { textOf } from "../outside.js";

export function image(element, { title, src = "" }) {
  src = textOf(src);
  if (!src.startsWith("data:image")) src = "/files/" + encodeURIComponent(src);
  add(element, "img", { alt: title, src });
  return () => {};
}
