// The palette of a coloured light: a field of hue × saturation, a text, and the last colours.
import { add, colorOf, field, hsb, say } from "./page.js";

// Where this browser keeps the last colours, and how many.
const KEY = "colors";
const MOST = 6;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const context = document.createElement("canvas").getContext("2d");

// A colour of CSS as "#rrggbb"; undefined if it is none, or one to see through.
function hexOf(color) {
  context.fillStyle = "#0000"; // stays where the next is none
  context.fillStyle = color;
  return context.fillStyle.match(/^#.*/)?.[0];
}

// Hue (degrees), saturation and brightness (percent) of "#rrggbb"; NaN what it has none of.
function partsOf(hex) {
  const rgb = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 2.55);
  const bri = Math.max(...rgb);
  const range = bri - Math.min(...rgb);
  const brightest = rgb.indexOf(bri);
  const [next, last] = [1, 2].map((by) => rgb[(brightest + by) % 3]);
  return { hue: ((next - last) / range + 2 * brightest + 6) % 6 * 60, sat: range / bri * 100, bri };
}

// The last colours that were chosen in this browser, from now on with `color` as the first, if it is one.
function lastColors(color) {
  let colors = [];
  try {
    colors = [...new Set([color, ...(localStorage[KEY] ?? "").split(" ")])].filter(colorOf).slice(0, MOST);
    localStorage[KEY] = colors.join(" ");
  } catch {
    // this browser keeps nothing
  }
  return colors;
}

// Adds the palette, which `button` opens from now on, and opens it. Returns show({hue, sat, bri}).
export function palette(element, button, write) {
  const box = add(element, "div", { popover: "auto", className: "palette", ariaLabel: "palette", role: "group" });
  const area = add(box, "div", { role: "slider", ariaLabel: "hue and saturation", tabIndex: 0, ariaValueMax: 360 });
  const showText = field(box, "color", "text", choose);
  const alert = add(box, "p", { role: "alert" });
  const swatches = add(box, "div", { className: "row" });
  let now, isNew;

  function set(parts) {
    isNew = true;
    write(parts);
  }

  function choose(text) {
    const hex = hexOf(colorOf(text.trim()));
    say(alert, hex ? "" : text + " is no color");
    if (!hex) return;
    const parts = partsOf(hex);
    for (const it in parts) parts[it] = isNaN(parts[it]) ? now[it] : Math.round(parts[it] * 100) / 100;
    set(parts);
    keep();
  }

  // What was chosen is one of the last colours.
  function keep() {
    swatches.replaceChildren();
    for (const it of lastColors(isNew && hexOf(hsb(now.hue, now.sat, now.bri)))) {
      add(swatches, "button", { ariaLabel: it, style: "background:" + it, onclick: () => choose(it) });
    }
    isNew = false;
  }

  const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
  const point = (hue, sat) => set({ hue: within(hue, 360), sat: within(sat, 100) });
  const drag = ({ offsetX, offsetY }) => {
    point(offsetX / area.clientWidth * 360, 100 - offsetY / area.clientHeight * 100);
  };
  area.onpointerdown = (event) => {
    area.setPointerCapture(event.pointerId);
    area.onpointermove = drag;
    drag(event);
  };
  area.onlostpointercapture = () => {
    area.onpointermove = null;
    keep();
  };
  area.onkeydown = (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const [right, up] = step.map((it) => event.shiftKey ? it * 10 : it);
    point(now.hue + right, now.sat + up);
  };
  box.ontoggle = area.onblur = keep;
  button.popoverTargetElement = box;
  box.showPopover();

  return (value) => {
    now = { bri: 100, ...value };
    const { hue, sat, bri } = now;
    showText(hexOf(hsb(hue, sat, bri)));
    area.style = `--x:${hue / 3.6}%;--y:${100 - sat}%;--fill:${hsb(hue, sat, 100)}`;
    area.ariaValueNow = hue;
    area.ariaValueText = `hue ${Math.round(hue)}°, saturation ${Math.round(sat)} %`;
  };
}
