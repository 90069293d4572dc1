// A world of dots on the land, and what both maps have: a drawing with a pin, and a link to a real map.
import { add, format } from "./page.js";

const MARKUP = `<svg role=img><path class=land /><path class=track /><path class=scale /><text x=14 y=100% dy=-14 />\
<circle/>`;
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

// Puts a drawing first into the element, and a link to a real map into the foot. Returns the drawing's paths, and
// show(place, x, y, box): a pin at the place {lat, lon}, in degrees, and what of the drawing is shown.
export function world(element, title, foot = element) {
  element.insertAdjacentHTML("afterbegin", MARKUP);
  const svg = element.firstChild;
  const link = add(foot, "a", { target: "_blank", rel: "noreferrer" });

  function show({ lat, lon }, x, y, box) {
    link.textContent = format(lat) + ", " + format(lon);
    link.href = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}`;
    svg.ariaLabel = title + ": " + link.textContent;
    svg.setAttribute("viewBox", box);
    svg.lastChild.style = `transform:translate(${x(lon)}px,${y(lat)}px)`;
  }

  return [svg, show];
}
