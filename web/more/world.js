// A world of dots on the land, and what both maps have: a drawing, and a link to a real map below it.
import { add, format, numberOf } from "./page.js";

// From 84 degrees north and 180 west on, 60 dots of six degrees to a row: how many of sea, of land, of sea, …
// as the letters' places in the alphabet.
const WORLD = "tgz@zgrfmmeegcctcmgbgz@bcbcmiaaxaalkixpjjwqijbdraapgldcnvbnvvbmlbgzbkkdbbbz@dbhjhbz@cdjgka\
z@afieoaxghez@ofhencxeidmfwdkcmfwclaofwbz@lasaz@z@ga";

// The path of dots on the land: where each is say x(longitude) and y(latitude).
export function land(x, y) {
  let dot = 0;
  let path = "";
  [...WORLD].forEach((letter, i) => {
    for (let count = letter.charCodeAt() & 31; count--; dot++) {
      if (i % 2) path += `M${x(dot % 60 * 6 - 177)} ${y(81 - Math.floor(dot / 60) * 6)}h.01`;
    }
  });
  return path;
}

// A place {lat, lon} in degrees, as it comes from outside; undefined if it is none.
export function placeOf(it) {
  const [lat, lon] = [numberOf(it?.lat ?? it?.[0]), numberOf(it?.lon ?? it?.[1])];
  return lat != null && lon != null ? { lat, lon } : undefined;
}

// Puts a drawing of these shapes first into the element. Returns its svg, and a function that tells a place in the foot.
export function drawing(element, title, shapes, foot = element) {
  element.insertAdjacentHTML("afterbegin", `<svg role=img>${shapes}</svg>`);
  const svg = element.firstChild;
  const link = add(foot, "a", { target: "_blank", rel: "noreferrer" });
  return [svg, ({ lat, lon }) => {
    link.textContent = format(lat) + ", " + format(lon);
    link.href = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}`;
    svg.ariaLabel = title + ": " + link.textContent;
  }];
}
