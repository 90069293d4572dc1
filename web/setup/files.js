// The board's files: list, download, upload, delete.
import { add, ask, fail } from "./board.js";

// What the board needs to run is none of a person's files.
const MODULES = /^(lib|sideboard)\//;
// These lie beside the script, where nobody reads the keys, all others in the folder of the page's images.
const BESIDE = /\.(py|der|pem|key)$|^dashboard\.json$/;

const list = document.querySelector("ul");
const upload = document.querySelector("[type=file]");
const pathOf = (name) => "/api/files/" + name.split("/").map(encodeURIComponent).join("/");

export const showFiles = () => ask("/api/files").then((files) => {
  list.replaceChildren();
  for (const name of Object.keys(files).sort()) {
    if (MODULES.test(name)) continue;
    const line = add(list, "li");
    // Without a hash it is secret, and not given.
    add(line, "a", { textContent: name, ...files[name] && { href: pathOf(name), download: "" } });
    add(line, "button", {
      textContent: "Delete",
      ariaLabel: "Delete " + name,
      onclick: () => confirm(`Delete ${name}?`) && change(name, "DELETE"),
    });
  }
}, fail(upload));

const change = (name, method, body) => ask(pathOf(name), method, body).then(showFiles, fail(upload));

upload.onchange = () => {
  const [file] = upload.files;
  change((BESIDE.test(file.name) ? "" : "files/") + file.name, "PUT", file);
  upload.value = "";
};
