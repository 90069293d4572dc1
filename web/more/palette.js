// The palette of a coloured light: a field of hue × saturation, a text, and the last colours.
import { add, colorOf, field, listOf, say } from "./page.js";

// Where this browser keeps the last colours, and how many.
const KEY = "colors";
const MOST = 6;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const within = (value, most) => Math.max(0, Math.min(most, value));

// The "#rrggbb" of hue (degrees), saturation and brightness (percent).
function hexOf({ hue, sat, bri }) {
  return [5, 3, 1].reduce((text, n) => {
    const k = (n + hue / 60) % 6;
    const level = bri * 2.55 * (1 - sat / 100 * within(Math.min(k, 4 - k), 1));
    return text + Math.round(level).toString(16).padStart(2, "0");
  }, "#");
}

// {hue, sat, bri} of a colour of CSS, without what it says nothing of: grey has no hue, black no saturation.
// undefined if it is none.
function partsOf(text) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = "#0000"; // stays if the next is none
  context.fillStyle = colorOf(text.trim());
  const [red, green, blue] = context.fillStyle.match(/^#(..)(..)(..)$/)?.slice(1).map((it) => parseInt(it, 16)) ?? [];
  if (red == null) return;
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  const rounded = (it) => Math.round(it * 100) / 100;
  const bri = rounded(most / 2.55);
  if (!most) return { bri };
  const sat = rounded(range / most * 100);
  if (!range) return { sat, bri };
  const sixths = most === red ? (green - blue) / range : most === green ? (blue - red) / range + 2 : (red - green) / range + 4;
  return { hue: rounded((sixths + 6) % 6 * 60), sat, bri };
}

function lastColors() {
  try {
    return listOf(JSON.parse(localStorage[KEY])).filter(colorOf).slice(0, MOST);
  } catch {
    return []; // none yet, or this browser keeps nothing
  }
}

function keep(color) {
  try {
    localStorage[KEY] = JSON.stringify([color, ...lastColors().filter((it) => it !== color)].slice(0, MOST));
  } catch {
    // it keeps nothing
  }
}

// Adds the palette, which `button` opens from now on, and opens it. Returns show({hue, sat, bri}).
export function palette(element, button, write) {
  const box = add(element, "div", { popover: "auto", className: "palette", ariaLabel: "palette", role: "group" });
  const area = add(box, "div", { role: "slider", ariaLabel: "hue and saturation", tabIndex: 0, ariaValueMin: 0, ariaValueMax: 360 });
  const showText = field(box, "color", "text", choose);
  const alert = add(box, "p", { role: "alert" });
  const swatches = add(box, "div", { className: "row" });
  let now = {};
  let isNew;

  const set = (hue, sat) => {
    isNew = true;
    write({ hue: within(Math.round(hue), 360), sat: within(Math.round(sat), 100) });
  };

  function choose(text) {
    const parts = partsOf(text);
    say(alert, parts ? "" : text + " is no color");
    if (!parts) return;
    write(parts);
    isNew = true;
    done();
  }

  // What was chosen is one of the last colours.
  function done() {
    if (isNew) keep(hexOf(now));
    isNew = false;
    swatches.replaceChildren();
    for (const color of lastColors()) {
      add(swatches, "button", { ariaLabel: color, onclick: () => choose(color) }).style = "background:" + color;
    }
  }

  const point = ({ offsetX, offsetY }) => {
    set(offsetX / area.clientWidth * 360, 100 - offsetY / area.clientHeight * 100);
  };
  area.onpointerdown = (event) => {
    area.setPointerCapture(event.pointerId);
    area.onpointermove = point;
    point(event);
  };
  area.onlostpointercapture = () => {
    area.onpointermove = null;
    done();
  };
  area.onkeydown = (event) => {
    const [right, up] = STEPS[event.key] ?? [];
    if (right == null) return;
    event.preventDefault();
    const step = event.shiftKey ? 10 : 1;
    set(now.hue + right * step, now.sat + up * step);
  };
  box.ontoggle = area.onblur = done;
  button.popoverTargetElement = box;
  box.showPopover();

  return ({ hue, sat, bri = 100 }) => {
    now = { hue, sat, bri };
    const color = hexOf(now);
    showText(color);
    area.style = `--x:${hue / 3.6}%;--y:${100 - sat}%;--fill:${hexOf({ hue, sat, bri: 100 })}`;
    area.ariaValueNow = hue;
    area.ariaValueText = `hue ${Math.round(hue)}°, saturation ${Math.round(sat)} %`;
  };
}
