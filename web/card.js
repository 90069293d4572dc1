// A card: a variable's title and widget, and what stands between its value here and on the board.
import { add, say } from "./element.js";
import { widgetFor } from "./widgets/index.js";

// `above` written over `below`: a composite's parts one by one, anything else as a whole.
function over(below, above) {
  if (above === undefined) return below;
  return above instanceof Object ? { ...below, ...above } : above;
}

let cards = 0;

// Returns update(variable) for what the board says, lock(offline), and remove().
export function createCard(parent, name, request) {
  const id = "title" + cards++;
  const card = add(parent, "section", { role: "group", "aria-labelledby": id });
  add(card, "h2", { id, dir: "auto" }, name);
  let body = add(card, "div");
  const waiting = add(card, "p", { class: "waiting" });
  const alert = add(card, "p", { role: "alert" });

  let variable = {};
  let show, offline, frame;
  // Newer than the board's value: what a finger still holds, what is under way, what waits behind it.
  let held, sent, next;
  let finger = false;

  function render() {
    const value = [held, sent, next].reduce(over, variable.value);
    const known = value != null;
    waiting.textContent = known ? "" : "waiting for its first value";
    body.hidden = !known && !(variable.type && variable.writable);
    if (!body.hidden) show(value);
    card.setAttribute("aria-busy", sent !== undefined);
    for (const control of body.querySelectorAll("[role=switch],[role=slider]")) {
      control.setAttribute("aria-disabled", offline || !variable.writable);
    }
  }

  function write(value) {
    if (offline || !variable.writable) return;
    next = over(next, value);
    send();
    render();
  }

  // One write under way at a time, and one a frame: the newest value waits.
  function send() {
    if (next === undefined || sent !== undefined || frame) return;
    sent = next;
    next = undefined;
    request({ name, value: sent }, answer);
    frame = requestAnimationFrame(() => {
      frame = 0;
      send();
    });
  }

  function answer({ error = "" }) {
    if (error) held = undefined;
    else {
      variable.value = over(variable.value, sent);
      if (finger) held = over(held, sent);
    }
    say(alert, error);
    sent = undefined;
    send();
    render();
  }

  function release() {
    finger = false;
    held = undefined;
    render();
  }

  function build() {
    const { type, writable } = variable;
    const old = body;
    body = document.createElement("div");
    old.replaceWith(body);
    show = widgetFor(type, writable)(body, { title: name, writable }, write);
    held = sent = next = undefined;
    finger = false;
  }

  card.ongotpointercapture = () => (finger = true);
  card.onlostpointercapture = release;

  return {
    update(now) {
      const { type, writable } = variable;
      variable = now;
      if (!show || type !== now.type || writable !== now.writable) build();
      render();
    },
    lock(now) {
      offline = now;
      if (offline) held = sent = next = undefined;
      render();
    },
    remove: () => card.remove(),
  };
}
