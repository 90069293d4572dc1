// The manifest that lets a browser install the page, as an app of the board's name.
const [icon, manifest] = document.querySelectorAll("[rel=icon],[rel=manifest]");

export function install(name) {
  const icons = [{ src: icon.href, sizes: "any" }];
  const text = JSON.stringify({ name, start_url: location.origin, display: "standalone", icons });
  manifest.href = "data:application/json," + encodeURIComponent(text);
}
