// Scheduler: from when to when, for how many minutes, and how often. Its times are local.
import { addRow, button, field, select, time } from "./page.js";

const KINDS = ["never", "every", "weekly", "monthly", "yearly"];
const UNITS = ["seconds", "minutes", "hours", "days"];

// The mask holds two bits for the unit, four for the kind, and how many units, or which days.
const mask = (kind, rest) => (kind << 26 | rest) >>> 0;

// The mask of a kind, as it follows from the start.
function repeating(kind, start) {
  const date = new Date(start * 1000);
  const day = date.getUTCDate();
  return mask(kind, [0, 3 << 30 | 1, 1 << date.getUTCDay(), day, day | date.getUTCMonth() << 8][kind]);
}

export function scheduler(element, settings, write) {
  let now, kind, count, unit;
  const change = (parts) => write({ ...now, ...parts });
  const row = (name) => addRow(element, name);

  const showStart = time(row("start"), "start", "Z", (frm) => {
    change({ frm, msk: kind > 2 ? repeating(kind, frm) : now.msk });
  });
  const showEnd = time(row("end"), "end", "Z", (to) => change({ to }));
  const showLength = field(row("minutes"), "minutes", "number", (minutes) => change({ len: minutes * 60 }));
  const showKind = select(row("repeats"), "repeats", KINDS, (kind) => {
    change({ msk: repeating(kind, now.frm) });
  });
  const every = row();
  const showCount = field(every, "number", "number", (count) => change({ msk: mask(1, count | unit << 30) }));
  const showUnit = select(every, "unit", UNITS, (unit) => change({ msk: mask(1, count | unit << 30) }));
  const week = row();
  const days = [1, 2, 3, 4, 5, 6, 7].map((date, day) => {
    const name = (weekday) => new Date(2023, 0, date).toLocaleDateString([], { weekday }); // a Sunday first
    return button(week, name("long"), name("narrow"), () => change({ msk: now.msk ^ 1 << day }));
  });

  return (schedule) => {
    const { frm, to, len, msk } = schedule ?? {};
    now = { frm: frm || 0, to: to || 0, len: len || 0, msk: msk || 0 };
    kind = now.msk >>> 26 & 15;
    count = now.msk & 0x3ffffff;
    unit = now.msk >>> 30;
    showStart(frm);
    showEnd(to);
    showLength(now.len / 60);
    showKind(kind);
    showCount(count);
    showUnit(unit);
    days.forEach((press, day) => press(now.msk >> day & 1));
    every.hidden = kind !== 1;
    week.hidden = kind !== 2;
  };
}
