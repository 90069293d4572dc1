// What the page lends to the widgets that are built apart from it: one copy of each does.
export const {
  add, addRow, addText, button, colorOf, field, format, hsb, listOf, numberOf, picture, say, select, slider, stepper,
  textOf, time, toggle,
} = globalThis.sideboard;
