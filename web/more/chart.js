// Chart and AdvancedChart: what up to five variables were, as lines over time, as a table and as a file.
import { moment } from "./chartaxes.js";
import { merge, timesOf, valueAt } from "./chartcells.js";
import { toCsv } from "./chartfile.js";
import { draw, MOST, styleOfLine } from "./chartlines.js";
import { add, addText, format, say, select } from "./page.js";
import { recall } from "./past.js";

// In milliseconds.
const TICK = 5000;
const MINUTE = 60000;
const RANGES = ["live", "1 h", "1 d", "7 d", "all"];
const SPANS = [5, 60, 1440, 10080, Infinity].map((minutes) => minutes * MINUTE);
// The arrow keys go from one end to the other in so many steps.
const KEYS = 60;
// What a line has of the past, and when it was asked for.
const UNKNOWN = { past: { steps: [] }, asked: 0 };

export function chart(element, { title, unit, variables, min, max, interpolation }) {
  const legend = add(element, "p", { className: "key local" });
  const lines = variables.slice(0, MOST).map((variable, i) => ({
    variable,
    name: variables[1] ? variable.name + " " : "",
    unit: i ? variable.options?.unit : unit,
    kind: variable.type === "bool" ? "step" : interpolation,
    label: add(legend, variables[1] ? "button" : "span", { dir: "auto", style: styleOfLine(i) }),
    ...UNKNOWN,
  }));
  const area = add(element, "canvas", {
    role: "slider", ariaLabel: title, ariaValueMin: 0, ariaValueMax: KEYS, tabIndex: 0, dir: "ltr",
  });
  const tip = add(element, "span");
  const foot = add(element, "div", { className: "key local" });
  select(foot, "range", RANGES, choose)(0);
  const file = addText(foot, "a", "CSV", { href: "#", download: title + ".csv", onclick: save });
  const details = add(foot, "details", { ontoggle: tabulate });
  addText(details, "summary", "table");
  const table = add(details, "table");
  let range = 0;
  // The time under finger or pointer, or where the arrow keys went.
  let cursor;
  // What is shown, in milliseconds, and where it begins, in pixels.
  let start, end, left;
  // The canvas, as measured when it changed: to ask for that would lay out the page for each chart.
  let size = {};
  let frame;

  function show() {
    for (const line of lines) ask(line);
    frame ||= requestAnimationFrame(render);
  }

  // The board is asked when the chart is new, when it was out of reach, every minute, and live, when more came than
  // the page remembers.
  function ask(line) {
    const { offline, points: [first] } = line.variable;
    if (offline) line.asked = 0;
    else if (!line.asked || line.asked < (range ? Date.now() - MINUTE : first?.time)) {
      line.asked = Date.now();
      recall(line.variable, range, (past) => {
        if (past.range !== range) return;
        line.past = past;
        render();
        if (details.open) tabulate();
      });
    }
  }

  function choose(wanted) {
    range = wanted;
    for (const line of lines) Object.assign(line, UNKNOWN);
    move();
    show();
  }

  function render() {
    frame = 0;
    end = Date.now();
    const from = end - SPANS[range];
    for (const line of lines) {
      const { variable, label } = line;
      line.cells = merge(line.past, variable.points).filter((_, i, all) => !(all[i + 1]?.time < from));
      say(label, line.name + format(variable.value, line.unit));
      if (line.name) label.ariaPressed = !line.hidden;
    }
    start = Math.max(from, Math.min(timesOf(lines)[0] ?? end, end - MINUTE));
    cursor &&= Math.max(start, Math.min(cursor, end));
    tell();
    if (size.width) left = draw(area, size, lines, { start, end, cursor, ends: [min, max].filter((it) => it != null) });
  }

  // The values under the cursor, beside it; or for screen readers the present ones.
  function tell() {
    const part = ((cursor ?? end) - start) / (end - start);
    const shown = lines.filter(({ hidden }) => !hidden);
    const texts = cursor
      ? [moment(cursor), ...shown.map((line) => line.name + textAt(line, cursor))]
      : shown.map(({ label }) => label.textContent);
    tip.textContent = cursor ? texts.join("\n") : "";
    if (cursor) tip.style = `top:${area.offsetTop}px;${part < .5 ? "right:0" : `left:${left}px`}`;
    area.ariaValueText = texts.join(", ");
    area.ariaValueNow = Math.round(part * KEYS);
  }

  function textAt({ cells, variable, unit }, time) {
    const value = valueAt(cells, time);
    const [low, high, last] = variable.type === "bool" ? value.map((it) => ["false", "true"][it]) : value;
    return format(last, unit) + (low < high ? ` (${format(low)} – ${format(high)})` : "");
  }

  function move(time) {
    cursor = time;
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
    move(start + (offsetX - left) / (size.width - left) * (end - start));
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
  new ResizeObserver(([{ contentRect }]) => {
    size = contentRect;
    show();
  }).observe(area);
  return show;
}
