// The draft as a file on the visitor's computer: Export and Import.
import { add } from "../element.js";
import { draft, keep, replace } from "./draft.js";
import { host } from "./host.js";
import { fail, panel, tell } from "./panel.js";
import { pin } from "./place.js";
import { readTemplate, toTemplate } from "./template.js";
import { goTo } from "./view.js";

export function download() {
  const dashboard = structuredClone(draft);
  for (const { page_id } of dashboard.widgets) {
    pin(dashboard.widgets.filter((it) => it.page_id === page_id), ""); // the cloud places nothing by itself
  }
  const [template, placeholders] = toTemplate(dashboard, host.kinds);
  const name = (draft.name ?? "dashboard").replace(/[^\p{L}\p{N}_.-]+/gu, "-") + ".json";
  const href = URL.createObjectURL(new Blob([JSON.stringify(template, null, 4) + "\n"]));
  add(panel, "a", { href, download: name, hidden: true }).click();
  const things = [...placeholders.values()].map((it) => it + "=ID-OF-THE-THING");
  const override = things[0] ? " --override " + things : "";
  tell(`arduino-cloud-cli dashboard create --template ${name}${draft.name ? "" : " --name NAME"}${override}`);
}

export function upload() {
  const input = add(panel, "input", { type: "file", accept: ".json", hidden: true });
  input.onchange = async () => {
    const [file] = input.files;
    try {
      const dashboard = readTemplate(await file.text(), host.kinds);
      keep();
      replace(dashboard);
      goTo();
      tell(`${file.name}: ${draft.widgets.length} widgets`);
    } catch {
      fail(`${file.name} is no dashboard in JSON. For YAML: python -m tools.template ${file.name}`);
    }
    input.remove();
  };
  input.click();
}
