// The board's files: list, download, upload, delete.
import { add, ask, fail } from "./board.js";

// These lie beside the script, all others in the folder of the page's images.
const BESIDE = /\.(py|der)$|^dashboard\.json$/;

const list = document.querySelector("ul");
const upload = document.querySelector("[type=file]");
const pathOf = (name) => "/api/files/" + name.split("/").map(encodeURIComponent).join("/");

export const showFiles = () => ask("/api/files").then((files) => {
  list.replaceChildren();
  for (const name of Object.keys(files).sort()) {
    const line = add(list, "li");
    add(line, "a", { href: pathOf(name), download: "", textContent: name });
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
