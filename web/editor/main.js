// The editor of the dashboard, and the log, loaded when one is asked for: how it begins, and how it ends.
import { addWidget, makeExplicit, on, takeBack } from "./changes.js";
import { begin, draft, isChanged } from "./draft.js";
import { loadDashboard, restoreAutomatic, saveDashboard } from "./file.js";
import { host, setHost } from "./host.js";
import { closeLog } from "./log.js";
import { addPanel, fail, focusSettings, panel, removePanel } from "./panel.js";
import { download, upload } from "./transfer.js";
import { closeView, openView, selected } from "./view.js";

export { toggleLog } from "./log.js";

const root = document.documentElement;
let saving;

// Begins to edit; `page` is what host.js tells.
export async function edit(page) {
  let dashboard;
  try {
    dashboard = await loadDashboard(page.kinds);
  } catch ({ message }) {
    return alert(message);
  }
  if (panel) return; // asked for twice
  setHost(page);
  closeLog();
  root.className = "editing";
  addPanel({
    "Add widget": addWidget, Undo: takeBack, Export: download, Import: upload,
    Automatic: forgetAll, Cancel: cancel, Save: save,
  });
  onbeforeunload = (event) => isChanged() && event.preventDefault();
  root.onkeydown = press;
  begin(dashboard);
  if (!draft.widgets) makeExplicit();
  openView(on);
  focusSettings();
}

function press(event) {
  if (event.key === "Escape" && selected) on.close();
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.target.matches("input, textarea")) {
    event.preventDefault();
    takeBack();
  }
}

async function save() {
  if (saving) return;
  saving = true;
  try {
    if (await saveDashboard(draft)) leave(draft);
  } catch (error) {
    fail(`Not saved: ${error.message}. Your changes are still here.`);
  }
  saving = false;
}

async function forgetAll() {
  if (!confirm("Forget this dashboard, and show every variable by itself?")) return;
  try {
    await restoreAutomatic();
    leave({ pages: [] });
  } catch (error) {
    fail(error.message);
  }
}

function cancel() {
  if (!isChanged() || confirm("Leave without saving?")) leave();
}

// Ends, and the page shows this layout; without one the board's.
function leave(layout) {
  closeView();
  onbeforeunload = root.onkeydown = null;
  root.className = "";
  removePanel();
  document.querySelector("header button").focus();
  host.showLayout(layout);
}
