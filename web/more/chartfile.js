// A chart as a file of comma-separated values (RFC 4180): a line for each time, in UTC, and of each variable the
// least, the greatest and the last value, with all digits.
import { valueAt, timesOf } from "./chartcells.js";

// A spreadsheet would take some texts for formulas.
const quote = (text) => `"${text.replace(/^[=+@\t\r-]/, "'$&").replaceAll('"', '""')}"`;

export function toCsv(lines) {
  const names = lines.flatMap(({ variable }) => ["min", "max", "last"].map((it) => quote(variable.name + " " + it)));
  const rows = timesOf(lines).map((time) => [
    new Date(time).toISOString(),
    ...lines.flatMap(({ cells }) => valueAt(cells, time)),
  ]);
  return [["time", ...names], ...rows].map((row) => row + "\r\n").join("");
}
