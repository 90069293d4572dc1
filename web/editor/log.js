// The board's log in a panel at the end of the page, live until it is closed.
import { add, say } from "../element.js";

const KEPT = 200; // pieces of 512 bytes at most

let close;

// Opens or closes it by its button. Returns what is to hear each message of the board meanwhile.
export function toggleLog(button, request) {
  if (close) return closeLog();
  const panel = add(document.body, "aside", { ariaLabel: "Log" });
  const text = add(panel, "pre", { role: "log", tabIndex: 0 });
  const ask = (log) => request({ id: undefined, log }); // without an id nothing answers
  close = () => {
    panel.remove();
    button.ariaPressed = false;
    ask(false);
    request(); // this is answered
  };
  button.ariaPressed = true;
  ask(true);
  return ({ log }, first) => {
    if (!panel.isConnected) return;
    if (first) {
      say(text, "");
      ask(true);
    }
    if (!log) return;
    const follows = text.scrollTop + text.clientHeight > text.scrollHeight - 20;
    text.append(log);
    if (text.childNodes[KEPT]) text.firstChild.remove();
    if (follows) text.scrollTop = text.scrollHeight;
  };
}

export function closeLog() {
  close?.();
  close = null;
}
