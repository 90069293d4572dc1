"""The rows of the bench's table, and how they are printed."""

from dataclasses import dataclass

HEADINGS = ("what", "today's best", "Sideboard", "ratio", "limit", "")


@dataclass
class Row:
    """One figure. best: today's best, to compare with; limit: the most that `ours` may be; note: a remark."""

    what: str
    ours: float
    unit: str
    limit: float | None = None
    best: float | None = None
    note: str = ""

    @property
    def over(self):
        return self.limit is not None and self.ours > self.limit

    def cells(self):
        ratio = self.ours / self.best if self.best else None
        ratio = "" if ratio is None else f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"
        verdict = "" if self.limit is None else "OVER" if self.over else "ok"
        figures = [self._text(self.best), self._text(self.ours), ratio, self._text(self.limit)]
        return [self.what, *figures, verdict]

    def _text(self, number):
        if number is None:
            return ""
        digits = 0 if isinstance(number, int) or abs(number) >= 100 else 1 if abs(number) >= 10 else 2
        return f"{number:,.{digits}f} {self.unit}"


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
