// The editor's panel: its commands, a line that says what was done, an alert, and the settings of what is selected.
// tools/web puts the text of editor.css in place of STYLE.
import { add, say } from "../element.js";

const HINT = "Drag a widget or its corner. Arrows move, Shift + arrows resize, Delete removes, Enter opens.";

export let panel, settings;
let note, alert;

// `commands` are functions by the texts of their buttons.
export function addPanel(commands) {
  panel = add(document.body, "aside", { ariaLabel: "Editor" });
  add(panel, "style", STYLE);
  const tools = add(panel, "div");
  for (const [textContent, onclick] of Object.entries(commands)) add(tools, "button", { textContent, onclick });
  note = add(panel, "p", { ariaLive: "polite", textContent: HINT });
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
