// The link bar: can this page's server be reached, and is the other side connected to it?
import { say } from "./element.js";

const [serverChip, peerChip] = document.querySelectorAll(".chip");
const banner = document.querySelector(".banner");
const heading = document.querySelector("h1");
const returning = document.querySelector(".returning");

// `status` is what the server last said of itself; the local cloud's has "board" instead of "cloud".
// The page's title is the server's, or the dashboard's `name`. comeBack: this page's place went to a newer one.
export function showLink(online, status, name = status.title, comeBack) {
  const [server, peer, state] = "board" in status
    ? ["Cloud", "Board", status.board]
    : ["Board", "Cloud", status.cloud];
  document.title = name;
  say(heading, name);
  document.body.className = online ? "online" : "";
  chip(serverChip, server, online ? "connected" : !comeBack && "unreachable");
  chip(peerChip, peer, online && state);
  returning.hidden = !comeBack;
  returning.onclick = () => {
    returning.hidden = true;
    comeBack();
  };
  if (comeBack) say(banner, "Open elsewhere.");
  else if (!online) say(banner, `${server} unreachable, values may be old. Reconnecting…`);
  else say(banner, status.error && state !== "connected" ? `${peer} ${state}: ${status.error}` : "");
}

function chip(element, name, state) {
  element.className = "chip " + state;
  say(element, state ? `${name} ${state}` : "");
}
