// How a chart is drawn: axes and a grid, bands from the least to the greatest value, areas, lines, the cursor.
import { timeMarks, valueMarks } from "./chartaxes.js";
import { format } from "./page.js";

// Legible on light and dark cards alike; the dashes, in pixels, tell them apart without colours.
const COLORS = ["#0b9599", "#e0692b", "#8f6fd8", "#3b86d8", "#c9508e"];
const DASHES = [[], [10, 4], [3, 3], [16, 3], [4, 8]];
export const MOST = COLORS.length;

// In pixels: below, for the times; around the texts; between two of them, down and across.
const FOOT = 18;
const EDGE = 6;
const DOWN = 32;
const ACROSS = 84;
// A moment's value is that of the one before until so many milliseconds before it.
const LASTS = 5000;

// A line in the legend looks as in the chart.
export function styleOfLine(i) {
  const [on = 1, off = 0] = DASHES[i];
  const dashes = `${COLORS[i]} 0 ${on}px,#0000 0 ${on + off}px`;
  return `background:repeating-linear-gradient(90deg,${dashes}) bottom/100% 3px no-repeat`;
}

// Draws lines, {cells, kind, hidden, lasts}, from one time to another, and a cursor if there is one. `lasts`: does the
// last value last until now? Returns where the times begin, in pixels.
export function draw(canvas, lines, { start, end, cursor, values, finest }) {
  const context = canvas.getContext("2d");
  const { clientWidth: width, clientHeight } = canvas;
  const bottom = clientHeight - FOOT;
  fit(canvas, context);
  const { color } = getComputedStyle(canvas);
  const marks = valueMarks(values, finest, bottom / DOWN);
  const widthOf = (text) => context.measureText(text).width;
  const left = EDGE + Math.max(...marks.map((value) => widthOf(format(value))));
  const [bottomValue, topValue] = [marks[0], marks.at(-1)];
  const x = (time) => left + (time - start) / (end - start) * (width - left);
  const y = (value) => bottom - (value - bottomValue) / (topValue - bottomValue) * (bottom - EDGE);

  const mark = (text, textX, textY, ...line) => {
    context.fillStyle = color;
    context.fillText(text, textX, textY);
    context.fillStyle = "#8885";
    context.fillRect(...line);
  };

  // The line as a path; or, `closed`, what is between it and zero, or what is nearest to that.
  function trace({ cells, kind, lasts }, closed) {
    const path = new Path2D();
    let first, lastX, lastY;
    const lift = () => {
      if (closed && lastX) for (const there of [lastX, first]) path.lineTo(there, zero);
      lastX = 0;
    };
    const zero = y(Math.max(bottomValue, Math.min(0, topValue)));
    for (const { time, until, value } of cells) {
      if (!value) {
        lift();
        continue;
      }
      const [to, there] = [x(until), y(value[2])];
      if (lastX) {
        const from = /step/i.test(kind) ? to : Math.max(lastX, x(Math.min(time, until - LASTS)));
        const middle = (from + to) / 2;
        path.lineTo(from, lastY);
        if (/spline/i.test(kind)) path.bezierCurveTo(middle, lastY, middle, there, to, there);
        else path.lineTo(to, there);
      } else {
        path.moveTo((first = x(time)), there);
        path.lineTo(to, there);
      }
      lastX = to;
      lastY = there;
    }
    if (lastX && lasts) path.lineTo((lastX = width), lastY);
    lift();
    return path;
  }

  function show(line, i) {
    context.strokeStyle = context.fillStyle = COLORS[i];
    context.globalAlpha = .2;
    if (/area/i.test(line.kind)) context.fill(trace(line, true));
    for (const { time, until, value } of line.cells) {
      const [low, high] = value ?? [];
      if (!(low < high)) continue;
      const fill = (top, height) => context.fillRect(x(time), y(top), x(until) - x(time), height);
      context.globalAlpha = .35;
      fill(high, y(low) - y(high));
      context.globalAlpha = 1;
      fill(high, 1);
      fill(low, 1);
    }
    context.globalAlpha = 1;
    context.setLineDash(DASHES[i]);
    context.stroke(trace(line));
  }

  for (const value of marks) mark(format(value), left - EDGE, y(value), left, y(value), width, 1);
  for (const [time, text] of timeMarks(start, end, (width - left) / ACROSS)) {
    mark(text, Math.min(x(time) + widthOf(text) / 2, width), clientHeight - EDGE, x(time), 0, 1, bottom);
  }
  context.beginPath();
  context.rect(left, 0, width, bottom + 1);
  context.clip();
  context.fillStyle = color;
  if (cursor) context.fillRect(x(cursor), 0, 1, bottom);
  context.lineWidth = 2;
  lines.forEach((line, i) => line.hidden || show(line, i));
  return left;
}

// Makes a canvas as large as it is shown, and empty.
function fit(canvas, context) {
  canvas.width = canvas.clientWidth * devicePixelRatio;
  canvas.height = canvas.clientHeight * devicePixelRatio;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.font = "12px system-ui";
  context.textBaseline = "middle";
  context.textAlign = "right";
}
