// Where an axis has its marks: at whole steps of 1, 2, 5, 10, … or of seconds, minutes, hours and days.

// In seconds.
const DAY = 86400;
const STEPS = [1, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 10800, 21600, 43200, DAY];

const textBy = (options) => new Intl.DateTimeFormat([], options).format;
const second = textBy({ timeStyle: "medium" });
const minute = textBy({ timeStyle: "short" });
const day = textBy({ day: "numeric", month: "short" });
export const moment = textBy({ dateStyle: "short", timeStyle: "medium" });

// The next of …, 1, 2, 5, 10, 20, ….
export function roundUp(least) {
  const ten = 10 ** Math.floor(Math.log10(least));
  return ten * ([1, 2, 5].find((it) => it * ten >= least) ?? 10);
}

// The values of about `count` marks around all values of `lines`, {cells, variable}, and those of `ends`. Between whole
// numbers there are none.
export function valueMarks(lines, ends, count) {
  const isWhole = lines.every(({ variable }) => /bool|int/.test(variable.type));
  const values = lines.flatMap(({ cells, variable }) => [
    ...cells.flatMap(({ value }) => value ?? []),
    ...variable.type === "bool" ? [0, 1] : [],
  ]);
  let low = Math.min(...values, ...ends);
  let high = Math.max(...values, ...ends);
  if (low > high) low = high = 0;
  const size = Math.max(Math.abs(low), Math.abs(high));
  // A board's float has seven digits: these are the same.
  if (high - low <= size / 1e6) {
    low -= size / 10 || 1;
    high += size / 10 || 1;
  }
  const step = roundUp(Math.max((high - low) / count, isWhole));
  const marks = [];
  for (let i = Math.floor(low / step); i < high / step + 1; i++) marks.push(i * step);
  return marks;
}

// What is to be added to local time.
const zone = (time) => new Date(time).getTimezoneOffset() * 60000;

// [time, text] of at most about `count` marks between two times in milliseconds. They are whole in local time, and at
// midnight the text is the date.
export function timeMarks(start, end, count) {
  const least = (end - start) / 1000 / Math.max(1, count); // a chart can be narrower than its values
  const step = 1000 * (STEPS.find((it) => it >= least) ?? DAY * 2 ** Math.ceil(Math.log2(least / DAY)));
  const marks = [];
  for (let local = Math.ceil((start - zone(start)) / step) * step; ; local += step) {
    const time = local + zone(local);
    if (time > end) return marks;
    marks.push([time, (local % (DAY * 1000) ? step < 60000 ? second : minute : day)(time)]);
  }
}
