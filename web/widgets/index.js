// The kinds of widgets, by their names in the layout. Each draws itself into an element, by settings {title, variables,
// the first one's type and writable, the options of widget and variable} and write(value); it returns show(value).
import { later } from "../later.js";
import { numberOf, textOf } from "../outside.js";
import { gauge } from "./gauge.js";
import { image } from "./image.js";
import { led } from "./led.js";
import { light } from "./light.js";
import { link } from "./link.js";
import { messenger } from "./messenger.js";
import { percentage } from "./percentage.js";
import { pushButton } from "./pushbutton.js";
import { sliderWidget } from "./slider.js";
import { status } from "./status.js";
import { stepperWidget } from "./stepper.js";
import { stickyNote } from "./stickynote.js";
import { switchWidget } from "./switch.js";
import { timePicker } from "./timepicker.js";
import { value } from "./value.js";
import { valueDropdown } from "./valuedropdown.js";
import { valueSelector } from "./valueselector.js";

const NUMBER = "int float";

// kind: [draw(element, settings, write), the types it can be bound to (without: any, or none), is it big?]
// The first that is for a single type is the one that shows it without a layout.
export const WIDGETS = {
  __proto__: null,
  Switch: [switchWidget, "bool"],
  PushButton: [pushButton, "bool"],
  LED: [led, "bool"],
  Status: [status, "bool"],
  Slider: [sliderWidget, NUMBER],
  Stepper: [stepperWidget, NUMBER],
  Gauge: [gauge, NUMBER],
  Percentage: [percentage, NUMBER],
  Messenger: [messenger, "string", true],
  Value: [value],
  Color: [light, "Color", true],
  DimmedLight: [light, "DimmedLight", true],
  ColoredLight: [light, "ColoredLight", true],
  TimePicker: [timePicker, "int"],
  Scheduler: [later("scheduler"), "Schedule", true],
  Map: [later("map"), "Location", true],
  AdvancedMap: [later("advancedMap"), "Location", true],
  Television: [later("television"), "Television", true],
  Chart: [later("chart"), NUMBER + " bool", true],
  AdvancedChart: [later("chart"), NUMBER + " bool", true],
  ValueSelector: [valueSelector, "int string"],
  ValueDropdown: [valueDropdown, "int string"],
  StickyNote: [stickyNote],
  Image: [image],
  ImageMap: [later("imageMap"), undefined, true],
  Link: [link],
};

// [kind, draw, big]: the widget of this kind (without draw when there is none), or the right one for the variable.
// What cannot be bound to the variable gives way to a Value.
export function choose(kind, settings) {
  const { type } = settings;
  kind = textOf(kind) ?? automatic(settings);
  const [draw, types, big] = WIDGETS[kind] ?? [];
  return types && type && !types.split(" ").includes(type) ? ["Value", value] : [kind, draw, big];
}

function automatic({ type, writable, min, max, values }) {
  if (writable && values) return "ValueDropdown";
  if (NUMBER.includes(type)) {
    if (numberOf(min) < numberOf(max)) return writable ? "Slider" : "Gauge";
    return writable ? "Stepper" : "Value";
  }
  if (!writable && type === "bool") return "LED";
  if (!writable && type === "string") return "Value";
  return Object.keys(WIDGETS).find((kind) => WIDGETS[kind][1] === type) ?? "Value";
}
