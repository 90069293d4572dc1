// What the board says goes to the link bar, to the layout and to the variables.
import { connect } from "./connection.js";
import { build, showLayout, variables } from "./dashboard.js";
import { install } from "./install.js";
import { columnsOf, placeOf, readLayout } from "./layout.js";
import { showLink } from "./link.js";
import { createVariable } from "./variable.js";
import { choose, WIDGETS } from "./widgets/index.js";

const [editButton, logOutButton] = document.querySelectorAll("button");
let status = { title: document.title };
let layout = {};
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
  variables.get(message.history?.name)?.recall_(message.history);
  if (first) {
    setOffline(false);
    setLayout();
    install(layout.name ?? status.title);
  } else if (news[0]) build();
  if (first || message.status) showLink(true, status, layout.name);
}

// A piece of the layout's text, or an empty one at its end. What came before the first message is shown with that.
function receiveLayout(piece, first) {
  coming += piece;
  if (!piece && !first) setLayout();
}

function setLayout() {
  if (shown !== coming) showLayout((layout = readLayout(coming)));
  else build();
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
  logOutButton.hidden = offline || !status.user;
  for (const variable of variables.values()) variable.setOffline_(offline);
}

onpointerdown = onpointerup = onpointercancel = ({ type }) => {
  for (const variable of variables.values()) variable.hold_(type === "pointerdown");
};

// The editor comes only when it is asked for. Without a layout its showLayout() shows the board's.
editButton.onclick = () => import("/editor.js").then((editor) => editor.edit({
  variables, kinds: WIDGETS, choose, placeOf, columnsOf, showLayout: (draft = layout) => showLayout(draft),
}));

logOutButton.onclick = () => fetch("/login", { method: "DELETE" });

const request = connect(receive, receiveLayout, lost);
