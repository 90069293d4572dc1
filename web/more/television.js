// Television: power, volume, mute, channel, playback and input, with the Arduino Cloud's numbers.
import { addRow, button, select, slider, stepper, toggle } from "./page.js";

// In the order of their numbers; "AUX*7" is AUX1 to AUX7.
const INPUTS = "AUX*7,Blu-ray,Cable,CD,Coax*2,Composite1,DVD,Game,HD Radio,HDMI*10,HDMI ARC,Input*10,iPod,\
Line*7,Media Player,Optical*2,Phono,PlayStation,PlayStation 3,PlayStation 4,Satellite,SmartCast,Tuner,TV,\
USB DAC,Video*3,Xbox";
const inputs = () => INPUTS.split(",").flatMap((it) => {
  const [name, count] = it.split("*");
  return count ? Array.from({ length: count }, (_, i) => name + (i + 1)) : name;
});
// From 7 down to 0: so they stand as on a remote control.
const PLAYBACK = ["stop", "start over", "rewind", "previous", "play", "pause", "next", "fast forward"];
const SIGNS = "■↺«‹►‖›»";

export function television(element, settings, write) {
  const set = (part) => (value) => write({ [part]: value });
  const top = addRow(element);
  const shows = {
    swi: toggle(top, "power", set("swi")),
    inp: select(top, "input", inputs(), set("inp")),
    vol: slider(element, "volume", {}, set("vol")),
  };
  shows.mut = toggle(addRow(element, "mute"), "mute", set("mut"));
  shows.cha = stepper(addRow(element, "channel"), "channel", { min: 0 }, set("cha"));
  const keys = addRow(element);
  const presses = PLAYBACK.map((name, i) => button(keys, name, SIGNS[i], () => write({ pbc: 7 - i })));
  shows.pbc = (playback) => presses.forEach((press, i) => press(7 - i === playback));

  return (value) => {
    for (const part in shows) shows[part](value?.[part]);
  };
}
