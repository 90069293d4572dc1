// What tests ask of a page, in any engine: elements by role, label, text or selector, and what is seen of them.
// Roles and names are those that axe-core computes.
window.tested = (() => {
  const words = (text) => text.replace(/\s+/g, " ").trim();

  function matches(wanted, text) {
    if (!wanted) return true;
    if (wanted.pattern) return new RegExp(wanted.pattern).test(text);
    const [has, needs] = [words(text), words(wanted.text)];
    return wanted.exact ? has === needs : has.toLowerCase().includes(needs.toLowerCase());
  }

  const isVisible = (it) =>
    it.checkVisibility({ visibilityProperty: true }) && it.getClientRects().length > 0;
  const isDisabled = (it) => it.matches(":disabled") || it.closest("[aria-disabled=true]") !== null;

  function withAxe(ask) {
    axe.setup(document.documentElement);
    try {
      return ask(axe.commons);
    } finally {
      axe.teardown();
    }
  }

  function labels(it) {
    const ids = it.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const named = [...(it.labels ?? []), ...ids.map((id) => document.getElementById(id))];
    return [it.ariaLabel ?? "", ...named.map((label) => label?.textContent ?? "")].filter((text) => text);
  }

  const within = {
    css: (selector) => (it) => it.matches(selector),

    role: (role, name, { level, selected }) => (it) =>
      axe.commons.aria.getRole(it) === role &&
      axe.commons.dom.isVisibleToScreenReaders(it) &&
      (level === undefined || +(it.ariaLevel ?? it.localName[1]) === level) &&
      (selected === undefined || (it.ariaSelected === "true") === selected) &&
      matches(name, axe.commons.text.accessibleText(it)),

    label: (name) => (it) => labels(it).some((text) => matches(name, text)),

    text: (wanted) => {
      const has = (it) => !it.matches("script, style, head *") && matches(wanted, it.textContent);
      return (it) => has(it) && ![...it.children].some(has);
    },
  };

  // What is not looked for within the elements, but chosen from them.
  const among = {
    nth: (found, index) => found.slice(index).slice(0, 1),
    filter: (found, text) => found.filter((it) => matches(text, it.textContent)),
    either: (found, one, other) => [...new Set([...find(one), ...find(other)])],
  };

  function find(steps) {
    let found = [document];
    for (const [kind, ...options] of steps) {
      if (among[kind]) {
        found = among[kind](found, ...options);
        continue;
      }
      const all = [...new Set(found.flatMap((it) => [...it.querySelectorAll("*")]))];
      const fits = within[kind](...options);
      found = kind === "role" ? withAxe(() => all.filter(fits)) : all.filter(fits);
    }
    return found;
  }

  function one(steps) {
    const found = find(steps);
    if (found.length !== 1) throw Error(`${found.length} elements of ${JSON.stringify(steps)}`);
    return found[0];
  }

  function box(steps) {
    const { x, y, width, height } = one(steps).getBoundingClientRect();
    return { x, y, width, height };
  }

  // The middle of an element that a pointer can reach.
  function aim(steps) {
    const it = one(steps);
    const middle = () => {
      const { x, y, width, height } = it.getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    };
    const hit = () => document.elementFromPoint(...middle());
    if (!isVisible(it) || isDisabled(it)) throw Error(`hidden or disabled: ${JSON.stringify(steps)}`);
    const reached = (there) =>
      there && (it.contains(there) || there.closest("label")?.contains(it) || there.closest("label")?.control === it);
    if (!reached(hit())) it.scrollIntoView({ block: "center", behavior: "instant" });
    if (!reached(hit())) throw Error(`${hit()?.outerHTML} covers ${JSON.stringify(steps)}`);
    return middle();
  }

  // A number or a text is selected, and left to the keyboard to write over; dates are set.
  function select(steps, text) {
    const it = one(steps);
    if (!isVisible(it) || isDisabled(it) || it.readOnly) throw Error(`nothing to fill: ${JSON.stringify(steps)}`);
    it.focus();
    if (!/date|time/.test(it.type)) return it.select();
    it.value = text;
    for (const type of ["input", "change"]) it.dispatchEvent(new Event(type, { bubbles: true }));
  }

  function choose(steps, { value, label }) {
    const it = one(steps);
    const option = [...it.options].find((one) => one.label === label || one.value === value);
    if (!option || isDisabled(it)) throw Error(`no ${label ?? value} among ${it.textContent}`);
    it.value = option.value;
    for (const type of ["input", "change"]) it.dispatchEvent(new Event(type, { bubbles: true }));
  }

  function nameOf(steps) {
    const it = one(steps);
    return withAxe(({ text }) => text.accessibleText(it));
  }

  function isInView(it) {
    const { left, top, right, bottom } = it.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  }

  const facts = (steps) =>
    find(steps).map((it) => ({
      text: it.textContent,
      inner: it.innerText,
      value: it.value,
      visible: isVisible(it),
      seen: isVisible(it) && isInView(it),
      enabled: !isDisabled(it),
      checked: it.checked ?? it.ariaChecked === "true",
      focused: it === document.activeElement,
      attributes: Object.fromEntries([...it.attributes].map(({ name, value }) => [name, value])),
    }));

  return {
    box, aim, select, choose, facts,
    focus: (steps) => one(steps).focus(),
    blur: (steps) => one(steps).blur(),
    name: nameOf,
    property: (steps, name) => one(steps)[name],
    apply: (steps, ask, argument) => ask(one(steps), argument),
    applyAll: (steps, ask, argument) => ask(find(steps), argument),
  };
})();
