// ColoredLight: power, hue, saturation and brightness of a light, and the colour they make.
import { slider } from "../controls/slider.js";
import { toggle } from "../controls/toggle.js";
import { add, paint } from "../element.js";

// Between these, as along the other two tracks, RGB is linear in HSB: the gradients are true.
const HUES = "#ff0,#0f0,#0ff,#00f,#f0f,red";

export function coloredLight(element, { writable }, write) {
  element.className = "light";
  const lamp = add(element, "i");
  const showPower = toggle(element, "power", writable, (swi) => write({ swi }));
  const showHue = slider(element, "hue", 360, "°", writable, (hue) => write({ hue }));
  const showSaturation = slider(element, "saturation", 100, " %", writable, (sat) => write({ sat }));
  const showBrightness = slider(element, "brightness", 100, " %", writable, (bri) => write({ bri }));

  return (light) => {
    const { swi, hue, sat, bri } = light ?? {};
    const pure = rgb(hue, 100, 100);
    const bright = rgb(hue, sat, 100);
    const color = rgb(hue, sat, bri);
    lamp.className = swi ? "on" : "";
    paint(lamp, { color });
    showPower(swi);
    showHue(hue, "red", HUES, pure);
    showSaturation(sat, "#fff", pure, bright);
    showBrightness(bri, "#000", bright, color);
  };
}

// Hue 0-360, saturation and brightness 0-100, as a CSS colour.
// https://en.wikipedia.org/wiki/HSL_and_HSV#HSV_to_RGB_alternative
function rgb(hue = 0, saturation = 0, brightness = 0) {
  const channel = (n) => {
    const k = (n + hue / 60) % 6;
    return Math.round(255 * brightness / 100 * (1 - saturation / 100 * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return `rgb(${channel(5)},${channel(3)},${channel(1)})`;
}
