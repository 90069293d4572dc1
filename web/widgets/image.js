// Image: a file of the board's folder `files`, one that is within the dashboard, or one of the web by its address,
// asked for again and again if it has an interval.
import { add, say } from "../element.js";
import { numberOf, textOf } from "../outside.js";

const SECOND = 1000;

function addressOf(src) {
  return /^(data:image|https?:)/.test(src) ? src : "/files/" + encodeURIComponent(src);
}

// The address under which no browser has it yet; with a query of its own it is left to what its server says.
const afresh = (address) => address + (address.includes("?") ? "#" : "?") + Date.now();

// Adds the image and, should it not come, a sentence. Returns the image.
export function picture(element, { title, src, interval }) {
  src = textOf(src) ?? "";
  const address = addressOf(src);
  const image = add(element, "img", { alt: title, referrerPolicy: "no-referrer" });
  const note = add(element, "p");
  const tell = (text) => {
    image.hidden = !!text;
    say(note, text);
  };
  image.onload = () => tell("");
  image.onerror = () => tell(src.slice(0, 99) + " cannot be loaded");
  image.src = address;
  if (numberOf(interval) > 0 && !src.startsWith("data:")) {
    const timer = setInterval(() => {
      if (!image.isConnected) clearInterval(timer);
      else if (!document.hidden && image.complete) image.src = afresh(address);
    }, Math.max(1, numberOf(interval)) * SECOND);
  }
  return image;
}

export function image(element, settings) {
  picture(element, settings);
  return () => {};
}
