// PushButton: a bool that is true while it is pressed, by pointer or key.
import { button } from "../controls/button.js";

export function pushButton(element, { title }, write) {
  const show = button(element, title);
  const it = element.firstChild;
  let on = false;
  const press = (now) => {
    if (on !== now) write((on = now));
  };
  it.onpointerdown = ({ button, pointerId }) => {
    it.setPointerCapture(pointerId);
    press(!button);
  };
  it.onkeydown = ({ key }) => press(key === " " || key === "Enter");
  it.onlostpointercapture = it.onkeyup = it.onblur = () => press(false);
  return show;
}
