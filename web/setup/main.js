// Setup and settings: what the board says of itself, what a person types, and how that goes.
// GET /api/setup gives {fresh, state, error, about, networks, known, hostname, address}; `about` is "wifi" or "cloud".
import { add, ask, fail, say } from "./board.js";
import { showFiles } from "./files.js";

const RETRY = 1000; // ms
const BARS = [-85, -75, -65, -55]; // dBm that each of them takes

const form = document.querySelector("form");
const { ssid, key, show, again, secret_key: secretKey, hostname, save } = form.elements;
const [known, reach] = form.querySelectorAll("div");
const secrets = form.querySelectorAll("[type=password]");
const later = document.querySelector("section");
const [restart, forget] = later.querySelectorAll("button");
let fresh, tried;

// Asks how it stands, and again after what fails.
function look(path = "/api/setup") {
  ask(path).then(follow, ({ error }) => {
    say(error);
    setTimeout(look, RETRY);
  });
}

// Shows how it stands, and asks again while that goes on.
function follow(said) {
  const { state, address, networks } = said;
  if (fresh !== said.fresh) begin(said);
  if (state === "done" && (fresh || tried)) {
    return end("Done. Go back to your own Wi-Fi, and open:", address, (hostname.value || said.hostname) + ".local");
  }
  tried = state === "trying";
  const more = tried ? "Trying… Stay in this Wi-Fi." : networks[0] ? "" : "Searching for networks…";
  if (!tried) showNetworks(networks);
  if (state === "failed") refuse(said);
  if (more) setTimeout(look, RETRY);
  say(state === "done" ? "Saved for the next start." : more);
}

function begin(said) {
  ({ fresh } = said);
  later.hidden = fresh;
  if (!fresh) showFiles();
  hostname.placeholder = said.hostname ?? "";
  ssid.required = fresh && !said.known[0];
  known.replaceChildren();
  for (const name of said.known) {
    const line = add(known, "label", { textContent: "Keep " + name });
    add(line, "input", { type: "checkbox", checked: true, value: name });
  }
}

function end(text, ...hosts) {
  form.hidden = later.hidden = true;
  const status = say(text);
  for (const host of hosts.filter(Boolean)) {
    const href = `http://${location.host.replace(/[^:]*/, host)}/`;
    add(status, "a", { href, textContent: href });
  }
}

function showNetworks(found) {
  reach.replaceChildren();
  for (const { ssid: value, rssi, open } of found) {
    const onclick = () => {
      ssid.value = value;
      mark();
      if (!open) key.focus();
    };
    const button = add(reach, "button", { type: "button", value, onclick });
    add(button, "bdi", { textContent: value });
    if (!open) add(button, "b", { role: "img", ariaLabel: "locked" });
    const bars = BARS.filter((least) => rssi >= least).length;
    const textContent = "▂▄▆█".slice(0, bars).padEnd(4, "▁");
    add(button, "span", { role: "img", ariaLabel: `${bars} of 4 bars`, textContent });
  }
  mark();
}

function mark() {
  for (const button of reach.children) button.ariaPressed = button.value === ssid.value;
}

// Says what is wrong behind the field that it is about.
function refuse(said) {
  const field = { wifi: key, cloud: secretKey }[said.about] ?? save;
  fail(field)(said);
  field.focus();
}

form.onsubmit = () => {
  const wifi = ssid.value ? [[ssid.value, key.value]] : [];
  for (const { value } of known.querySelectorAll(":checked")) {
    if (value !== ssid.value) wifi.push([value, null]);
  }
  const settings = ssid.value || known.querySelector("input:not(:checked)") ? { wifi } : {};
  for (const [name, value] of new FormData(form)) if (value) settings[name] = value;
  ask("/api/setup", "PUT", JSON.stringify(settings)).then(follow, refuse);
  return false;
};
ssid.oninput = mark;
again.onclick = () => look("/api/setup?scan=1");
show.onchange = () => {
  for (const field of secrets) field.type = show.checked ? "text" : "password";
};
restart.onclick = () => ask("/api/restart", "POST").then(() => {
  say("The board restarts…");
  setTimeout(look, RETRY);
}, fail(restart));
forget.onclick = () => confirm("Forget all settings?")
  && ask("/api/setup", "DELETE").then(() => end("The board starts anew: join its Wi-Fi."), fail(forget));

look();
