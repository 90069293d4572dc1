// What comes from outside, in layouts and in options of variables, can be anything. Here it becomes what it should be,
// or undefined.

// Anything as a text.
export const textOf = (it) => it == null ? undefined : it instanceof Object ? JSON.stringify(it) : "" + it;

// A number, also from a text.
export const numberOf = (it) => {
  it = parseFloat(textOf(it));
  return isFinite(it) ? it : undefined;
};

// A list; what is none is its only entry.
export const listOf = (it) => it == null ? undefined : [it].flat();

// A widget of a layout; what is none is one of an unknown type.
export const widgetOf = (it) => JSON.stringify(it)[0] === "{" ? it : { type: JSON.stringify(it) };

// A colour of CSS. A browser takes anything with a var() in it for one: so there are no brackets within brackets.
export const colorOf = (it) => /^[#\w]+(\([\w ,.%/-]*\))?$/.test(it) && CSS.supports("color", it) ? it : undefined;

// A sign that stands for something, ✓ or 💧; what is a word is none: the cloud has icons by name.
export const signOf = (it) => /^[^\x00-\x7f]/.test(textOf(it)) ? textOf(it) : undefined;
