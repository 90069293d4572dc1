// What the page lends its editor: {variables, by name; the kinds of widgets, and choose(kind, settings) among them;
// placeOf(widget, at, big) and columnsOf(widgets, at); showLayout(layout), which without a layout shows the board's}.
export let host;

export function setHost(page) {
  host = page;
}
