// Setup and settings: what the board says of itself, what a person types, and how that goes.
// GET /api/setup gives {fresh, state, error, about, networks, known, hostname, address}; `about` is "wifi" or "cloud".
import { add, ask, fail, say } from "./board.js";
import { showFiles } from "./files.js";

const RETRY = 1000; // ms
const BARS = [-85, -75, -65, -55]; // dBm that each of them takes

const form = document.querySelector("form");
const { ssid, key, show, again, secret_key: secretKey, hostname, save } = form.elements;
const [known, networks] = form.querySelectorAll("div");
const secrets = form.querySelectorAll("[type=password]");
const later = document.querySelector("section");
const [restart, forget] = later.querySelectorAll("button");
let fresh, tried;

async function look(path = "/api/setup") {
  const said = await ask(path).catch(({ error }) => say(error));
  if (said.state) update(said);
  if (!said.networks?.[0] || said.state === "trying") setTimeout(look, RETRY);
}

function update(said) {
  const { state } = said;
  if (fresh !== said.fresh) begin(said);
  if (state === "trying") tried = say("Trying… Stay in this Wi-Fi.");
  else if (state === "done" && (fresh || tried)) {
    end("Done. Go back to your own Wi-Fi, and open:", said.address, (hostname.value || said.hostname) + ".local");
  } else {
    showNetworks(said.networks);
    say(state === "done" ? "Saved for the next start." : said.networks[0] ? "" : "Searching for networks…");
    if (state === "failed") refuse(said);
  }
}

function begin(said) {
  ({ fresh } = said);
  later.hidden = fresh;
  if (!fresh) showFiles();
  hostname.placeholder = said.hostname;
  known.replaceChildren();
  for (const name of said.known) {
    const line = add(known, "label", { className: "line", textContent: "Keep " + name });
    add(line, "input", { type: "checkbox", checked: true, value: name });
  }
}

function end(text, ...hosts) {
  form.hidden = later.hidden = true;
  const status = say(text);
  for (const host of hosts.filter(Boolean)) {
    const href = `http://${host}${location.port && ":" + location.port}/`;
    add(status, "a", { href, textContent: href });
  }
}

function showNetworks(found) {
  networks.replaceChildren();
  for (const { ssid: value, rssi, open } of found) {
    const onclick = () => {
      ssid.value = value;
      mark();
      if (!open) key.focus();
    };
    const button = add(networks, "button", { type: "button", value, onclick });
    add(button, "bdi", { textContent: value });
    if (!open) add(button, "b", { role: "img", ariaLabel: "locked" });
    const bars = BARS.filter((least) => rssi >= least).length;
    const textContent = "▂▄▆█".slice(0, bars) + "▁▁▁▁".slice(bars);
    add(button, "span", { role: "img", ariaLabel: `${bars} of 4 bars`, textContent });
  }
  mark();
}

function mark() {
  for (const button of networks.children) button.ariaPressed = button.value === ssid.value;
}

// Says what is wrong behind the field that it is about.
function refuse(said) {
  const field = { wifi: key, cloud: secretKey }[said.about] ?? save;
  fail(field)(said);
  field.focus();
}

form.onsubmit = (event) => {
  event.preventDefault();
  const settings = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  const boxes = [...known.querySelectorAll("input")];
  const wifi = boxes.filter((it) => it.checked && it.value !== ssid.value).map((it) => [it.value, null]);
  if (ssid.value) wifi.push([ssid.value, key.value]);
  if (ssid.value || wifi.length < boxes.length) settings.wifi = wifi;
  ask("/api/setup", "PUT", JSON.stringify(settings)).then(() => look(), refuse);
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
forget.onclick = () => confirm("Forget networks, keys, name and password?")
  && ask("/api/setup", "DELETE").then(() => end("The board starts anew: join its Wi-Fi."), fail(forget));

look();
