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

// Draws lines, {cells, kind, hidden, variable}, from one time to another, and a cursor if there is one, on a canvas of
// this size in pixels; the values `ends` are in sight. Returns where the times begin, in pixels.
export function draw(canvas, { width, height }, lines, { start, end, cursor, ends }) {
  const context = canvas.getContext("2d");
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.font = "12px system-ui";
  context.textBaseline = "middle";
  context.textAlign = "right";
  const { color } = getComputedStyle(canvas);
  const bottom = height - FOOT;
  const marks = valueMarks(lines.filter(({ hidden }) => !hidden), ends, bottom / DOWN);
  const widthOf = (text) => context.measureText(text).width;
  const left = EDGE + Math.max(...marks.map((value) => widthOf(format(value))));
  const [low, high] = [marks[0], marks.at(-1)];
  const x = (time) => left + (time - start) / (end - start) * (width - left);
  const y = (value) => bottom - (value - low) / (high - low) * (bottom - EDGE);
  const zero = y(Math.max(low, Math.min(0, high)));

  function mark(text, textX, textY, ...line) {
    context.fillStyle = color;
    context.fillText(text, textX, textY);
    context.fillStyle = "#8885";
    context.fillRect(...line);
  }

  // What is between the least and the greatest value, on whole pixels, or it would fade.
  function band(...place) {
    const [from, to, top, bottom] = place.map(Math.round);
    const fill = (y, height) => context.fillRect(from, y, to - from || 1, height);
    context.globalAlpha = .35;
    fill(top, bottom - top);
    context.globalAlpha = 1;
    fill(top, 1);
    fill(bottom, 1);
  }

  function show({ cells, kind, variable }, i) {
    const stroke = new Path2D();
    const area = new Path2D();
    // Where the last cell ended; after a gap nowhere.
    let last;
    context.strokeStyle = context.fillStyle = COLORS[i];
    for (const { time, until, value } of cells) {
      if (!value) {
        last = 0;
        continue;
      }
      const [to, there] = [x(until), y(value[2])];
      const [lastX, lastY] = last || [x(time), there];
      const from = /step/i.test(kind) ? to : Math.max(lastX, x(Math.min(time, until - LASTS)));
      const middle = (from + to) / 2;
      if (!last) stroke.moveTo(lastX, lastY);
      area.moveTo(lastX, zero);
      area.lineTo(lastX, lastY);
      for (const path of [stroke, area]) {
        path.lineTo(from, lastY);
        if (/spline/i.test(kind)) path.bezierCurveTo(middle, lastY, middle, there, to, there);
        else path.lineTo(to, there);
      }
      area.lineTo(to, zero);
      if (value[0] < value[1]) band(x(time), to, y(value[1]), y(value[0]));
      last = [to, there];
    }
    if (last && !variable.offline) {
      stroke.lineTo(width, last[1]);
      area.rect(...last, width, zero - last[1]);
    }
    context.globalAlpha = .2;
    if (/area/i.test(kind)) context.fill(area);
    context.globalAlpha = 1;
    context.setLineDash(DASHES[i]);
    context.stroke(stroke);
  }

  for (const value of marks) mark(format(value), left - EDGE, y(value), left, y(value), width, 1);
  for (const [time, text] of timeMarks(start, end, (width - left) / ACROSS)) {
    mark(text, Math.min(x(time) + widthOf(text) / 2, width), height - EDGE, x(time), 0, 1, bottom);
  }
  context.rect(left, 0, width, bottom + 1);
  context.clip();
  context.fillStyle = color;
  if (cursor) context.fillRect(x(cursor), 0, 1, bottom);
  context.lineWidth = 2;
  lines.forEach((line, i) => line.hidden || show(line, i));
  return left;
}
