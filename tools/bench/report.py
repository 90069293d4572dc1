"""The rows of the bench's table, and how they are printed and kept."""

import json
import statistics
from dataclasses import dataclass

HEADINGS = ("what", "compared with", "Sideboard", "ratio", "limit", "")


class Median(float):
    """The median of some figures, and their spread: a quarter is below `low`, a quarter above `high`."""

    def __new__(cls, figures):
        low, median, high = statistics.quantiles(figures, n=4, method="inclusive")
        self = super().__new__(cls, median)
        self.low, self.high = low, high
        return self


@dataclass
class Row:
    """One figure. best: what it is compared with; limit: the most that `ours` may be; note: a remark."""

    what: str
    ours: float
    unit: str
    limit: float | None = None
    best: float | None = None
    note: str = ""

    @property
    def over(self):
        return self.limit is not None and self.ours > self.limit

    @property
    def ratio(self):
        return self.ours / self.best if self.best else None

    def cells(self):
        ratio = (
            "" if self.ratio is None else f"{self.ratio:.2f}" if self.ratio >= 0.1 else f"{self.ratio:.2g}"
        )
        verdict = "" if self.limit is None else "OVER" if self.over else "ok"
        figures = [self._text(self.best), self._text(self.ours), ratio, self._text(self.limit)]
        return [self.what, *figures, verdict]

    def _text(self, number):
        if number is None:
            return ""
        text = f"{_figure(number)} {self.unit}"
        if isinstance(number, Median):
            text += f" ({_figure(number.low)}–{_figure(number.high)})"
        return text


def _figure(number):
    digits = 0 if isinstance(number, int) or abs(number) >= 100 else 1 if abs(number) >= 10 else 2
    return f"{number:,.{digits}f}"


def table(rows):
    """The rows as text, notes beneath."""
    lines = [list(HEADINGS), *(row.cells() for row in rows)]
    notes = {note: number for number, note in enumerate(dict.fromkeys(r.note for r in rows if r.note), 1)}
    for line, row in zip(lines[1:], rows):
        if row.note:
            line[0] += f" [{notes[row.note]}]"
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    texts = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))]
        ).rstrip()
        for line in lines
    ]
    texts.insert(1, "-" * (sum(widths) + 2 * len(widths) - 2))
    return "\n".join([*texts, "", *(f"[{number}] {note}" for note, number in notes.items())])


def as_json(rows, growth):
    """{"rows": a list of objects, "growth": curves}; medians are {"median", "low", "high"}."""
    found = [
        {
            "what": row.what.strip(),
            "unit": row.unit,
            "sideboard": _plain(row.ours),
            "compared": _plain(row.best),
            "ratio": row.ratio,
            "limit": _plain(row.limit),
            "over": row.over,
            "note": row.note,
        }
        for row in rows
    ]
    return json.dumps({"rows": found, "growth": growth}, indent=1, ensure_ascii=False)


def _plain(number):
    if isinstance(number, Median):
        return {"median": float(number), "low": number.low, "high": number.high}
    return number
