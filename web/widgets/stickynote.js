// StickyNote: a text with a little Markdown: headings, lists, **bold**, *italic*, `code` and links.
import { add, addText } from "../element.js";
import { textOf } from "../outside.js";

// Splits into a plain text, then the text of each mark, the link's address, the next plain text …
const MARKS = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[(.+?)\]\((https?:[^\s)]+)\)/;
const TAGS = ["span", "b", "em", "code", "a"];

export function stickyNote(element, { text = "", content = text }) {
  for (const line of textOf(content).split("\n")) {
    const [, mark = "", rest] = line.match(/^(?:(#+|[-*]) )?(.*)/);
    const heading = mark[0] === "#";
    const place = add(element, heading ? "h3" : "p", { dir: "auto" });
    (mark && !heading ? "• " + rest : rest).split(MARKS).forEach((it, i) => {
      const tag = TAGS[i % 6];
      if (it && tag) addText(place, tag, it);
      if (it && !tag) place.lastChild.href = it;
    });
  }
  return () => {};
}
