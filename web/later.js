// /more.js, which the page loads once something in it is to be shown, and what the page lends to it.
import { hsb } from "./color.js";
import { button } from "./controls/button.js";
import { field } from "./controls/field.js";
import { select } from "./controls/select.js";
import { slider } from "./controls/slider.js";
import { stepper } from "./controls/stepper.js";
import { time } from "./controls/time.js";
import { toggle } from "./controls/toggle.js";
import { add, addRow, addText, say } from "./element.js";
import { format } from "./numbers.js";
import { colorOf, listOf, numberOf, textOf } from "./outside.js";
import { picture } from "./widgets/image.js";

globalThis.sideboard = {
  add, addRow, addText, button, colorOf, field, format, hsb, listOf, numberOf, picture, say, select, slider, stepper,
  textOf, time, toggle,
};

// In milliseconds.
const RETRY = 1000;

// What it exports, once it is there.
let more, loading;
let tries = 0;

// A board that has no room just now is asked again, by another address: browsers remember what failed.
export const load = () => loading ||= import("/more.js?" + tries++).then((it) => (more = it), () => {
  loading = 0;
  return new Promise((go) => setTimeout(go, RETRY)).then(load);
});

// A widget that is in there; until that comes it is empty, and then its card is drawn again.
export const later = (name) => (element, settings, write) => {
  if (more) return more[name](element, settings, write);
  load().then(settings.again_);
  return () => {};
};
