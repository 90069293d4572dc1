// Slider: an int or float between two ends.
import { slider } from "../controls/slider.js";

export function sliderWidget(element, settings, write) {
  const { title, type, min = 0, max = 100, step = type === "int" ? 1 : (max - min) / 100 } = settings;
  return slider(element, title, { ...settings, step }, write);
}
