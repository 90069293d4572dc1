// Link: opens an address, or another page of this dashboard.
import { addText } from "../element.js";
import { textOf } from "../outside.js";

// Of the web, of mail, of a telephone, of a page "#…", of something on the board "/…"; no other runs or opens.
const ADDRESS = /^(https?:|mailto:|tel:|#|\/)/i;

export function link(element, { title, url, label }) {
  url = textOf(url) ?? "";
  if (!ADDRESS.test(url)) addText(element, "p", "no address: " + url);
  else {
    const it = addText(element, "a", label ?? title, { href: url, className: "link", dir: "auto" });
    if (it.origin !== location.origin) Object.assign(it, { target: "_blank", rel: "noreferrer" });
  }
  return () => {};
}
