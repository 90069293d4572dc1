// Where images may come from. The page's own policy lets them come from anywhere; before anything of a layout is drawn
// a second one narrows that to the board, and to the origins that this layout has images from. No script can widen it.
import { add } from "./element.js";
import { listOf, textOf } from "./outside.js";

const SHOWS_AN_IMAGE = ["Image", "ImageMap"];

// The origins in the policy, once there is one.
let allowed;

function originOf({ type, options }) {
  const src = textOf(options?.src) ?? "";
  const { origin } = /^https?:/.test(src) && URL.canParse(src) ? new URL(src) : {};
  // In a policy other characters would end the name.
  return SHOWS_AN_IMAGE.includes(type) && /^https?:[\w/.:-]+$/.test(origin) ? [origin] : [];
}

// Lets in the images of this layout. Where one has others than the first the page has to begin anew.
export function allowImages({ widgets }) {
  const origins = (listOf(widgets) ?? []).flatMap(originOf);
  if (!allowed) {
    allowed = origins;
    const content = "img-src 'self' data: " + origins.join(" ");
    add(document.head, "meta", { httpEquiv: "Content-Security-Policy", content });
  } else if (origins.some((it) => !allowed.includes(it))) location.reload();
}
