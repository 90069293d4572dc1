// Chart and AdvancedChart: what up to five variables were, as lines over time, as a table and as a file.
import { moment } from "./chartaxes.js";
import { merge, timesOf, valueAt } from "./chartcells.js";
import { toCsv } from "./chartfile.js";
import { draw, MOST, styleOfLine } from "./chartlines.js";
import { add, addText, format, select } from "./page.js";
import { recall } from "./past.js";

// In milliseconds.
const TICK = 5000;
const MINUTE = 60000;
const RANGES = ["live", "1 h", "1 d", "7 d", "all"];
const SPANS = [5, 60, 1440, 10080, Infinity].map((minutes) => minutes * MINUTE);
const LIVE = 0;
// The arrow keys go from one end to the other in so many steps.
const KEYS = 60;
// What a line has of the past before the board is asked.
const UNKNOWN = { past: { steps: [] }, due: true };

export function chart(element, settings) {
  const { title, variables, min, max, interpolation } = settings;
  const key = add(element, "p", { className: "key local" });
  const lines = variables.slice(0, MOST).map((variable, i) => ({
    variable,
    unit: i ? variable.options?.unit : settings.unit,
    kind: variable.type === "bool" ? "step" : interpolation,
    label: add(key, variables[1] ? "button" : "span", { dir: "auto", style: styleOfLine(i) }),
    ...UNKNOWN,
  }));
  const area = add(element, "canvas", {
    role: "slider", ariaLabel: title, ariaValueMin: 0, ariaValueMax: KEYS, tabIndex: 0, dir: "ltr",
  });
  const tip = add(element, "span");
  const foot = add(element, "div", { className: "key local" });
  select(foot, "range", RANGES, choose)(LIVE);
  const file = addText(foot, "a", "CSV", { href: "#", download: title + ".csv", onclick: save });
  const details = add(foot, "details", { ontoggle: tabulate });
  addText(details, "summary", "table");
  const table = add(details, "table");
  let range = LIVE;
  // The time under finger or pointer, or where the arrow keys went.
  let cursor;
  // What is shown, in milliseconds, and where it begins, in pixels.
  let start, end, left;
  let frame;

  // The board is asked when the chart is new, when it was out of reach, every minute, and live, when more came than
  // the page remembers.
  function ask() {
    for (const line of lines) {
      const { variable, past } = line;
      const old = past.asked < (range ? Date.now() - MINUTE : variable.points[0]?.time);
      if (variable.offline) line.due = true;
      else if (line.due || old && !line.waits) {
        line.due = false;
        line.waits = true;
        recall(variable, range, (past) => past.range === range && take(line, past));
      }
    }
  }

  function take(line, past) {
    line.waits = false;
    line.past = past;
    render();
    if (details.open) tabulate();
  }

  function choose(wanted) {
    range = wanted;
    for (const line of lines) Object.assign(line, UNKNOWN);
    move();
    show();
  }

  function show() {
    ask();
    frame ||= requestAnimationFrame(render);
  }

  function render() {
    frame = 0;
    end = Date.now();
    const from = end - SPANS[range];
    for (const line of lines) {
      const { variable, past } = line;
      line.cells = merge(past, variable.points).filter((_, i, all) => !(all[i + 1]?.time < from));
      line.lasts = !variable.offline;
    }
    start = Math.max(from, Math.min(timesOf(lines)[0] ?? end, end - MINUTE));
    tell();
    const shown = lines.filter(({ hidden }) => !hidden);
    const known = shown.map(({ cells, variable }) => [
      variable.type === "bool" ? [0, 1] : [],
      cells.map(({ value }) => value ?? []),
    ]);
    const values = [min ?? [], max ?? [], known].flat(4);
    // Between whole numbers there is nothing.
    const finest = shown.every(({ variable }) => /bool|int/.test(variable.type)) ? 1 : 0;
    left = draw(area, lines, { start, end, cursor, values: values[0] == null ? [0, 1] : values, finest });
  }

  function textAt({ cells, variable, unit }, time) {
    const value = valueAt(cells, time);
    const [low, high, last] = variable.type === "bool" ? value.map((it) => ["false", "true"][it]) : value;
    return format(last, unit) + (low < high ? ` (${format(low)} – ${format(high)})` : "");
  }

  // The present values; and those under the cursor, beside it.
  function tell() {
    const named = ({ variable: { name } }, text) => lines[1] ? name + " " + text : text;
    for (const line of lines) {
      const { variable, label, unit, hidden } = line;
      label.textContent = named(line, format(variable.value, unit));
      if (lines[1]) label.ariaPressed = !hidden;
    }
    const part = ((cursor ?? end) - start) / (end - start);
    const texts = cursor ? [moment(cursor)] : [];
    for (const line of lines) if (cursor && !line.hidden) texts.push(named(line, textAt(line, cursor)));
    tip.textContent = texts.join("\n");
    tip.style = `top:${area.offsetTop}px;${part < .5 ? "right:0" : `left:${left}px`}`;
    area.ariaValueText = texts.join(", ") || lines.map(({ label }) => label.textContent).join(", ");
    area.ariaValueNow = Math.round(part * KEYS);
  }

  function move(time) {
    cursor = time && Math.max(start, Math.min(time, end));
    render();
  }

  // For screen readers, and for whoever wants the numbers.
  function tabulate() {
    table.replaceChildren();
    const row = (tag, texts) => {
      const line = add(table, "tr");
      for (const text of texts) addText(line, tag, text);
    };
    row("th", ["time", ...lines.map(({ variable }) => variable.name)]);
    for (const time of timesOf(lines).reverse()) row("td", [moment(time), ...lines.map((line) => textAt(line, time))]);
  }

  function save() {
    URL.revokeObjectURL(file.href);
    file.href = URL.createObjectURL(new Blob([toCsv(lines)], { type: "text/csv" }));
  }

  for (const line of lines) {
    line.label.onclick = () => {
      line.hidden = !line.hidden;
      render();
    };
  }
  area.onpointerdown = area.onpointermove = ({ offsetX }) => {
    move(start + (offsetX - left) / (area.clientWidth - left) * (end - start));
  };
  // Not onpointerleave: what a finger has found stays when it is lifted.
  area.onmouseleave = area.onblur = () => move();
  area.onkeydown = (event) => {
    const step = (end - start) / KEYS;
    const at = cursor ?? end;
    const time = { ArrowLeft: at - step, ArrowRight: at + step, Home: start, End: end }[event.key];
    if (!time) return;
    event.preventDefault();
    move(time);
  };
  const timer = setInterval(() => {
    if (!area.isConnected) clearInterval(timer);
    else if (!document.hidden) show();
  }, TICK);
  new ResizeObserver(show).observe(area);
  render();
  return show;
}
