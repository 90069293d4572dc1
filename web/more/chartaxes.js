// Where an axis has its marks: at whole steps of 1, 2, 5, 10, … or of seconds, minutes, hours and days.

// In seconds.
const DAY = 86400;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, DAY];

const textBy = (options) => new Intl.DateTimeFormat([], options).format;
const second = textBy({ timeStyle: "medium" });
const minute = textBy({ timeStyle: "short" });
const day = textBy({ day: "numeric", month: "short" });
export const moment = textBy({ dateStyle: "short", timeStyle: "medium" });

// The values of about `count` marks around all of `values`, which has some, and at least `finest` apart.
export function valueMarks(values, finest, count) {
  let low = Math.min(...values);
  let high = Math.max(...values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  // A board's float has seven digits: these are the same.
  if (high - low <= size / 1e6) {
    low -= size / 10 || 1;
    high += size / 10 || 1;
  }
  const least = Math.max((high - low) / count, finest);
  const ten = 10 ** Math.floor(Math.log10(least));
  const step = ten * ([1, 2, 5].find((it) => it * ten >= least) ?? 10);
  const marks = [];
  for (let i = Math.floor(low / step); i < high / step + 1; i++) marks.push(i * step);
  return marks;
}

// [time, text] of at most about `count` marks between two times in milliseconds. They are whole in local time, and at
// midnight the text is the date.
export function timeMarks(start, end, count) {
  const least = (end - start) / 1000 / count;
  const step = 1000 * (STEPS.find((it) => it >= least) ?? DAY * 2 ** Math.ceil(Math.log2(least / DAY)));
  const zone = (time) => new Date(time).getTimezoneOffset() * 60000;
  const marks = [];
  for (let local = Math.ceil((start - zone(start)) / step) * step; local + zone(local) <= end; local += step) {
    const text = local % (DAY * 1000) ? step < 60000 ? second : minute : day;
    marks.push([local + zone(local), text(local + zone(local))]);
  }
  return marks;
}
