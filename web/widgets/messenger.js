// Messenger: the texts that a string held one after the other, and a line to send.
import { add, addText } from "../element.js";

const CLEAR = "\x1b";

export function messenger(element, { title, variables: [variable = { points: [] }] }, write) {
  const log = add(element, "div", { role: "log", ariaLabel: title, tabIndex: 0 });
  const form = add(element, "form");
  const input = add(form, "input", { ariaLabel: "message", dir: "auto" });
  addText(form, "button", "↑", { ariaLabel: "send" });
  let last;
  form.onsubmit = () => {
    if (!variable.offline) {
      write(input.value);
      input.value = "";
    }
    return false;
  };
  return () => {
    const { points } = variable;
    for (const { value, mine_ } of points.slice(points.indexOf(last) + 1)) {
      if (value === CLEAR) log.replaceChildren();
      else addText(log, "p", value, { dir: "auto", className: mine_ ? "mine" : "" });
      log.scrollTop = 1e9;
    }
    last = points.at(-1);
  };
}
