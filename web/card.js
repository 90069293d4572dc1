// A card: a title, and a widget bound to variables.
import { add, say } from "./element.js";
import { styleOfCard } from "./layout.js";
import { listOf, numberOf, textOf } from "./outside.js";
import { choose } from "./widgets/index.js";

// Adds the card of `widget`, one of the layout's; `all` are the variables by name.
export function createCard(parent, widget, all) {
  const names = listOf(widget.variables ?? []).map((it) => textOf(it?.name ?? it?.variable_id ?? it ?? "null"));
  const missing = names.find((name) => !all.has(name));
  const variables = missing == null ? names.map((name) => all.get(name)) : [];
  // The first one is shown and written; only charts and image maps show the others.
  const [variable = {}] = variables;
  const card = add(parent, "section", { role: "group" });
  const heading = add(card, "h2", { dir: "auto" });
  const body = add(card, "div");
  const note = add(card, "p", { className: "note" });
  const alert = add(card, "p", { role: "alert" });
  // The widget's show(value), and what of the variable it was built for.
  let show, basis;

  function build() {
    const settings = { ...variable.options, ...widget.options, ...variable, variables };
    for (const name of ["min", "max", "step"]) settings[name] = numberOf(settings[name]);
    for (const name of ["values", "thresholds"]) settings[name] = listOf(settings[name]);
    const [kind, draw, big] = choose(widget.type ?? settings.widget, settings);
    settings.again_ = () => {
      basis = 0;
      tryToRender();
    };
    settings.title = textOf(widget.name || settings.title || variable.name || kind);
    heading.textContent = card.ariaLabel = settings.title;
    card.className = big ? "big" : "";
    card.style = styleOfCard(widget, big);
    body.className = kind;
    body.replaceChildren();
    show = missing == null && draw?.(body, settings, variable.write);
    body.hidden = !show;
    note.textContent = show ? "" : draw ? `no variable ${missing} on the board` : "unknown widget " + kind;
  }

  function render() {
    const { type, writable, options, value } = variable;
    const now = JSON.stringify([type, writable, options]);
    if (basis !== now) build();
    basis = now;
    if (show) {
      const waits = variables[0] && variables.every(({ value }) => value == null);
      note.textContent = waits ? "waiting for its first value" : "";
      body.hidden = waits && !writable;
      if (!body.hidden) show(value);
    }
    say(alert, variables.find(({ error }) => error)?.error ?? "");
    card.ariaBusy = variables.some(({ busy_ }) => busy_);
    // Those within .local change how it is shown, not the variable; one of another variable has that as its `about`.
    for (const control of body.querySelectorAll(":is(button,input,select):not(.local *)")) {
      const { writable, offline } = control.about ?? variable;
      control.disabled = !writable;
      control.ariaDisabled = offline || !writable;
    }
  }

  // An option that makes no sense breaks its own card only.
  function tryToRender() {
    try {
      render();
    } catch (error) {
      say(alert, "broken: " + error.message);
    }
  }

  for (const { cards_ } of variables) cards_.add(tryToRender);
  tryToRender();
}
