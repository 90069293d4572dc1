// The editor's panel: its commands, a line that says what was done, an alert, and the settings of what is selected.
// tools/web puts the text of editor.css in place of STYLE.
import { add, addText, say } from "../element.js";
import { shownAt } from "./place.js";

const HINT = "Drag a widget or its corner. Arrows move, Shift + arrows resize, Delete removes, Enter opens.";
const HINT_MOBILE = "Tap, then drag a widget or its corner.";

export let panel, settings;
let note, alert;

// The page's policy takes no further style element.
const style = new CSSStyleSheet();
style.replaceSync(STYLE);
document.adoptedStyleSheets.push(style);

// `commands` are functions by the texts of their buttons.
export function addPanel(commands) {
  panel = add(document.body, "aside", { ariaLabel: "Editor" });
  const tools = add(panel, "div");
  for (const [text, onclick] of Object.entries(commands)) addText(tools, "button", text, { onclick });
  note = addText(panel, "p", shownAt() ? HINT_MOBILE : HINT, { ariaLive: "polite" });
  alert = add(panel, "p", { role: "alert" });
  settings = add(panel, "div");
}

export function removePanel() {
  panel.remove();
  panel = undefined;
}

export function tell(text) {
  say(alert, "");
  say(note, text);
}

export function fail(text) {
  say(alert, text);
}

export const focusSettings = () => settings.querySelector("input").focus();
