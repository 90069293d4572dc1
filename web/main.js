// What the board says goes to the link bar, to the layout and to the variables.
import { connect } from "./connection.js";
import { build, showLayout, variables } from "./dashboard.js";
import { install } from "./install.js";
import { columnsOf, placeOf, readLayout } from "./layout.js";
import { allowImages } from "./policy.js";
import { showLink } from "./link.js";
import { createVariable } from "./variable.js";
import { choose, WIDGETS } from "./widgets/index.js";

const [editButton, logButton, logOutButton] = document.querySelectorAll("button");
const settingsLink = document.querySelector("a");
let status = { title: document.title };
let layout = {};
// Takes the messages while the log is open.
let hearLog;
// The layout's text: the one shown, and the one that is coming in pieces.
let shown, coming = "";

// `first` is the message after a (re)connection: it holds everything.
function receive(message, first) {
  status = message.status ?? status;
  const news = message.variables ?? [];
  // After a reconnection the board may have other variables.
  for (const name of first ? variables.keys() : []) {
    if (!news.some((said) => said.name === name)) variables.delete(name);
  }
  for (const said of news) {
    const { name } = said;
    if (!variables.has(name)) variables.set(name, createVariable(name, request));
    variables.get(name).update_(said, first);
  }
  if (first) {
    setOffline(false);
    setLayout();
    install(layout.name ?? status.title);
  } else if (news[0]) build();
  if (first || message.status) showLink(true, status, layout.name);
  hearLog?.(message, first);
}

// A piece of the layout's text, or an empty one at its end. What came before the first message is shown with that.
function receiveLayout(piece, first) {
  coming += piece;
  if (!piece && !first) setLayout();
}

function setLayout() {
  if (shown !== coming) {
    layout = readLayout(coming);
    if (!onbeforeunload) allowImages(layout); // not while it is edited
    showLayout(layout);
  } else build();
  shown = coming;
  coming = "";
}

function lost(comeBack) {
  coming = "";
  setOffline(true);
  showLink(false, status, layout.name, comeBack);
}

function setOffline(offline) {
  editButton.hidden = offline || status.user === "guest";
  logButton.hidden = offline || "board" in status; // the local cloud has none
  settingsLink.hidden = offline || (status.user ? status.user !== "owner" : !status.setup);
  logOutButton.hidden = offline || !status.user;
  for (const variable of variables.values()) variable.setOffline_(offline);
}

onpointerdown = onpointerup = onpointercancel = ({ type }) => {
  for (const variable of variables.values()) variable.hold_(type === "pointerdown");
};

// Editor and log come only when they are asked for. Without a layout the editor's showLayout() shows the board's.
const load = () => import("/editor.js");

editButton.onclick = () => load().then((editor) => editor.edit({
  variables, kinds: WIDGETS, choose, placeOf, columnsOf,
  showLayout(draft = layout) {
    if (!onbeforeunload) allowImages(draft);
    showLayout(draft);
  },
}));

logButton.onclick = () => load().then((editor) => (hearLog = editor.toggleLog(logButton, request)));

logOutButton.onclick = () => fetch("/login", { method: "DELETE" });

const request = connect(receive, receiveLayout, lost);
