// Color, DimmedLight and ColoredLight: what they have of power, hue, saturation and brightness.
import { slider } from "../controls/slider.js";
import { toggle } from "../controls/toggle.js";
import { hsb } from "../color.js";
import { add } from "../element.js";
import { load } from "../later.js";

// Between these, as along the other two tracks, RGB is linear in HSB: the gradients are true.
const HUES = "#ff0,#0f0,#0ff,#00f,#f0f,red";
const PERCENT = { unit: "%" };

export function light(element, { type, writable }, write) {
  const set = (part) => (value) => write({ [part]: value });
  const lamp = add(element, "i");
  const showPower = type !== "Color" && toggle(element, "power", set("swi"));
  const colored = type !== "DimmedLight";
  let now, showPalette;
  if (colored && writable) {
    const button = add(element, "button", { ariaLabel: "palette" });
    button.style = `width:2.25rem;border-radius:50%;background:conic-gradient(red,${HUES})`;
    button.onclick = async (event) => {
      event.preventDefault();
      button.onclick = null; // from now on the browser opens and closes it
      const { palette } = await load();
      showPalette = palette(element, button, write);
      showPalette(now);
    };
  }
  const showHue = colored && slider(element, "hue", { max: 360, unit: "°" }, set("hue"));
  const showSaturation = colored && slider(element, "saturation", PERCENT, set("sat"));
  const showBrightness = slider(element, "brightness", PERCENT, set("bri"));

  return (value) => {
    const { swi = true, hue = 48, sat = 60, bri } = value ?? {};
    now = { hue, sat, bri };
    showPalette?.(now);
    const pure = hsb(hue, 100, 100);
    const bright = hsb(hue, sat, 100);
    const color = hsb(hue, sat, bri);
    lamp.className = swi ? "on" : "";
    lamp.style = "--color:" + color;
    if (showPower) showPower(swi);
    if (colored) {
      showHue(hue, "red", HUES, pure);
      showSaturation(sat, "#fff", pure, bright);
    }
    showBrightness(bri, "#000", bright, color);
  };
}
