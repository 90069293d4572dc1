// Stepper: an int or float, one step up or down.
import { stepper } from "../controls/stepper.js";
import { addRow, addText } from "../element.js";

export function stepperWidget(element, settings, write) {
  const show = stepper(addRow(element), settings.title, settings, write);
  addText(element, "span", settings.unit);
  return show;
}
