// What a chart knows of a variable, as cells {time, until, value}, oldest first: from `time` to `until` it had a least, a
// greatest and a last value, [low, high, last]; null is a gap. The board's cells are its steps, the page's are moments.

// The board's steps, and what this page saw before the first of them and since they were asked for.
export function merge({ steps, asked }, points) {
  const first = steps[0]?.time ?? Infinity;
  const seen = points.filter(({ value }) => isFinite(value)).map(({ time, value }) => {
    return { time, until: time, value: [+value, +value, +value] };
  });
  return [
    ...seen.filter(({ time }) => time < first),
    ...steps,
    ...seen.filter(({ time }) => time > Math.max(first, asked)),
  ];
}

// [low, high, last] at a time; undefined where nothing is known.
export const valueAt = (cells, time) => cells.findLast((cell) => cell.time <= time)?.value ?? Array(3).fill();

// All times at which something begins, oldest first.
export const timesOf = (lines) =>
  [...new Set(lines.flatMap(({ cells }) => cells.map(({ time }) => time)))].sort((one, two) => one - two);
