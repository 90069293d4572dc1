// Colours.

// Hue 0-360, saturation and brightness 0-100, as a CSS colour: by its whiteness and blackness.
export function hsb(hue, saturation, brightness) {
  return `hwb(${hue} ${(100 - saturation) * brightness / 100}% ${100 - brightness}%)`;
}
