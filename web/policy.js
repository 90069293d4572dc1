// Where images may come from. The page's own policy lets them come from anywhere; before anything of a layout is drawn
// a second one narrows that to the board, and to the origins that this layout has images from. No script can widen it.
import { add } from "./element.js";
import { textOf } from "./outside.js";

// The origins in the policy, once there is one.
let allowed;

// Other characters in it would end the name in the policy.
function originOf({ type, options }) {
  return /^Image/.test(textOf(type)) ? textOf(options?.src)?.match(/^https?:\/\/[\w.-]+(:\d+)?(?=[/?#]|$)/)?.[0] ?? [] : [];
}

// Lets in the images of this layout. Where one has others than the first the page has to begin anew.
export function allowImages({ widgets }) {
  const origins = [widgets || []].flat().flatMap(originOf);
  if (!allowed) {
    const content = `img-src 'self' data: ${origins.join(" ")}`;
    add(document.head, "meta", { httpEquiv: "Content-Security-Policy", content });
  } else if (origins.some((it) => !allowed.includes(it))) return location.reload();
  allowed ??= origins;
}
