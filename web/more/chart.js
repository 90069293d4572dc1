// Chart and AdvancedChart: what up to five variables were, as lines over time and as a table.
import { add, addText, format } from "./page.js";

const COLORS = ["#0b9599", "#e0692b", "#8f6fd8", "#3b86d8", "#c9508e"];
const clock = (time) => new Date(time).toLocaleTimeString();
const at = ({ points }, time) => points.findLast((point) => point.time <= time)?.value;

export function chart(element, { title, unit, variables, min, max }) {
  const series = variables.slice(0, 5);
  const legend = add(element, "p", { className: "key" });
  const keys = series.map((_, i) => {
    return add(legend, "span", { dir: "auto", style: "padding:0 4px;border:2px solid " + COLORS[i] });
  });
  const area = add(element, "canvas", { role: "img" });
  const foot = add(element, "p");
  const details = add(element, "details", { ontoggle: tabulate });
  addText(details, "summary", "table");
  const table = add(details, "table");
  let cursor, start, end;

  // The values under the cursor, or the present ones.
  function show() {
    const points = series.flatMap((variable) => variable.points);
    if (!points[0]) return;
    const values = points.map(({ value }) => value);
    const low = Math.min(...values, min ?? Infinity);
    const high = Math.max(...values, max ?? -Infinity);
    end = Date.now();
    start = Math.min(end - 1000, ...points.map(({ time }) => time));
    const { clientWidth, clientHeight } = area;
    const time = cursor ? start + cursor / clientWidth * (end - start) : Infinity;
    series.forEach((variable, i) => {
      const value = format(at(variable, time), i ? variable.options?.unit : unit);
      keys[i].textContent = series[1] ? variable.name + " " + value : value;
    });
    const range = `${clock(start)} – ${clock(end)} · ${format(low)} – ${format(high)}`;
    foot.textContent = cursor ? clock(time) : range;
    area.ariaLabel = title + ": " + keys.map(({ textContent }) => textContent);
    draw(clientWidth, clientHeight, low, high);
  }

  function draw(width, height, low, high) {
    const context = area.getContext("2d");
    const x = (time) => (time - start) / (end - start) * width;
    const y = (value) => 2 + (high - value) / (high - low || 1) * (height - 4);

    area.width = width * devicePixelRatio;
    area.height = height * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    context.fillStyle = "gray";
    if (cursor) context.fillRect(cursor, 0, 1, height);
    context.lineWidth = 2;
    series.forEach(({ points, type }, i) => {
      let last;
      context.strokeStyle = COLORS[i];
      context.beginPath();
      // A bool jumps, a number goes there; the last one lasts until now.
      for (const { time, value } of points) {
        if (type === "bool") context.lineTo(x(time), y(last ?? value));
        context.lineTo(x(time), y((last = value)));
      }
      context.lineTo(width, y(last));
      context.stroke();
    });
  }

  // For screen readers, and for whoever wants the numbers.
  function tabulate() {
    table.replaceChildren();
    const row = (tag, texts) => {
      const line = add(table, "tr");
      for (const text of texts) addText(line, tag, text);
    };
    row("th", ["time", ...series.map(({ name }) => name)]);
    for (const { time } of series.flatMap(({ points }) => points).sort((one, two) => two.time - one.time)) {
      row("td", [clock(time), ...series.map((variable) => format(at(variable, time)))]);
    }
  }

  const hover = ({ type, offsetX }) => {
    cursor = type === "pointermove" && offsetX;
    show();
  };
  area.onpointermove = area.onpointerleave = hover;
  new ResizeObserver(show).observe(area);
  return show;
}
