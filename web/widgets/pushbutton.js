// PushButton: a bool that is true while it is pressed, by pointer or key.
import { button } from "../controls/button.js";

export function pushButton(element, { title }, write) {
  const show = button(element, title);
  const it = element.firstChild;
  let pressed = false;
  const set = (now) => {
    if (pressed !== now) write((pressed = now));
  };
  it.onpointerdown = ({ button, pointerId }) => {
    it.setPointerCapture(pointerId);
    set(!button);
  };
  it.onkeydown = ({ key }) => set(key === " " || key === "Enter");
  // Released wherever that is: a pointer that was captured, a key, or the focus gone elsewhere.
  it.onlostpointercapture = it.onkeyup = it.onblur = () => set(false);
  return show;
}
