// The widgets that most dashboards do without, loaded when one is shown; their style, too, in place of STYLE.
export { advancedMap } from "./advancedmap.js";
export { chart } from "./chart.js";
export { imageMap } from "./imagemap.js";
export { map } from "./map.js";
export { palette } from "./palette.js";
export { scheduler } from "./scheduler.js";
export { television } from "./television.js";

const style = new CSSStyleSheet();
style.replaceSync(STYLE);
document.adoptedStyleSheets.push(style);
