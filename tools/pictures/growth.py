"""Draws the README's curves, web/growth.svg, from what `make bench` measured last and left in bench.json."""

import json
from html import escape

from tools import ROOT

TARGET = ROOT / "web" / "growth.svg"
WIDTH, HEIGHT = 290, 170  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 34, 34  # within it, around the plot
COLUMNS = 3
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #455 }
.title { font-size: 13px; fill: #122 }
line { stroke: #8884 }
polyline { fill: none; stroke: #0b8488; stroke-width: 2 }
circle { fill: #0b8488 }
@media (prefers-color-scheme: dark) {
  text { fill: #abb } .title { fill: #eee } polyline { stroke: #2bb } circle { fill: #2bb }
}
"""
# (title, curve, figure, what it is divided by)
PANELS = (
    ("A change on a second page, ms", "variables", "change_ms", 1),
    ("A page opens, ms", "variables", "opened_ms", 1),
    ("Heap with two pages, KB", "variables", "heap_with_two_pages_bytes", 1024),
    ("A change on all pages, ms", "pages", "change_ms", 1),
    ("A page opens with charts and their past, ms", "charts", "opened_ms", 1),
    ("Heap, KB", "charts", "heap_bytes", 1024),
)


def scale(most):
    """The end of an axis from 0, and its step: 1, 2 or 5 times a power of ten, four to eight of them."""
    step = 1e-3
    factors = 2, 2.5, 2
    for number in range(30):
        if most / step <= 6:
            break
        step *= factors[number % 3]
    return step * max(1, -(-most // step)), step


def panel(title, what, points):
    """One plot, as the text of its elements; points: [(x, y), …]."""
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    right, _ = points[-1]
    top, step = scale(max(y for _, y in points))

    def x(value):
        return LEFT + width * value / right

    def y(value):
        return TOP + height * (1 - value / top)

    yield f'<text class="title" x="{LEFT - 30}" y="18">{escape(title)}</text>'
    value = 0
    while value <= top * 1.001:
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        yield f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
        value = round(value + step, 6)
    line = " ".join(f"{x(one):.1f},{y(other):.1f}" for one, other in points)
    yield f'<polyline points="{line}"/>'
    for one, other in points:
        yield f'<circle cx="{x(one):.1f}" cy="{y(other):.1f}" r="2.5"/>'
    for one in points[0][0], right:
        yield f'<text x="{x(one):.1f}" y="{HEIGHT - 16}" text-anchor="middle">{one}</text>'
    middle = LEFT + width / 2
    yield f'<text x="{middle}" y="{HEIGHT - 16}" text-anchor="middle">{what}</text>'


def drawn(curves):
    """All plots as the text of an SVG."""
    rows = -(-len(PANELS) // COLUMNS)
    size = WIDTH * COLUMNS, HEIGHT * rows
    label = "How a board's figures grow with its variables, pages and charts"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" role="img"'
        f' aria-label="{label}"><style>{STYLE}</style>'
    ]
    for number, (title, what, figure, unit) in enumerate(PANELS):
        points = [(int(count), found[figure] / unit) for count, found in curves[what].items()]
        down, right = divmod(number, COLUMNS)
        parts.append(f'<g transform="translate({right * WIDTH} {down * HEIGHT})">')
        parts += panel(title, what, points)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def main():
    try:
        curves = json.loads((ROOT / "bench.json").read_text())["growth"]
    except OSError:
        curves = None
    if not curves:
        raise SystemExit("make picture: the curves need what `make bench` measures, bench.json")
    TARGET.write_text(drawn(curves))
    print(TARGET.relative_to(ROOT))


if __name__ == "__main__":
    main()
