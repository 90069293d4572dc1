// Map: a place on a dotted world, its coordinates, and a link to a real map.
import { add } from "../element.js";
import { format } from "../numbers.js";

// From 84 degrees north and 180 west on, 60 dots of six degrees to a row: how many of sea, of land, of sea, …
// as the letters' places in the alphabet.
const WORLD = "tgz@zgrfmmeegcctcmgbgz@bcbcmiaaxaalkixpjjwqijbdraapgldcnvbnvvbmlbgzbkkdbbbz@dbhjhbz@cdjgka\
z@afieoaxghez@ofhencxeidmfwdkcmfwclaofwbz@lasaz@z@ga";

function land() {
  let dot = 0;
  let path = "";
  [...WORLD].forEach((letter, i) => {
    const count = letter.charCodeAt() & 31;
    if (i % 2 && count) path += `M${dot % 60} ${Math.floor(dot / 60)}h${count - .9}`;
    dot += count;
  });
  return path;
}

export function map(element, { title }) {
  element.innerHTML = `<svg role=img viewBox="-1 -1 61 25"><path d="${land()}"/><circle r=1 />`;
  const svg = element.firstChild;
  const link = add(element, "a", { target: "_blank", rel: "noreferrer" });
  return (place) => {
    const { lat, lon } = place ?? {};
    link.textContent = format(lat) + ", " + format(lon);
    link.href = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}`;
    svg.ariaLabel = title + ": " + link.textContent;
    svg.lastChild.style = `transform:translate(${lon / 6 + 29.5}px,${13.5 - lat / 6}px)`;
  };
}
