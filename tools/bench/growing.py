"""How a board's figures grow: with its variables, with the pages open on it, with the charts on them.

`measure` gives the ends of the curves as rows; `curves` the curves themselves, for bench.json and the README.
"""

import contextlib
import json
import statistics
import time

from tools.local import Board, Cloud

from .report import Row
from .running import SCRIPTS
from .websocket import WebSocket

VARIABLES = 1, 25, 50, 100, 150, 200
PAGES = 1, 2, 3, 4, 6, 8
CHARTS = 1, 5, 10, 15, 20
CHANGES = 60
NETWORK = "host"  # the stand-ins for smaller ones take their own time
HEAP = 512 * 1024  # bytes: so that there is room for all
FINGERS = 0.02  # seconds: a board takes no two messages of a page at once
TIMES = 2  # a change may take so many times longer with 200 variables than with one


class Page(WebSocket):
    """An open page, which knows how many bytes its messages had, and how long the first one took to come."""

    def __init__(self, board):
        began = time.perf_counter()
        super().__init__(board.http_port)
        self.bytes = 0
        while b'"variables"' not in self.receive():
            pass  # the layout
        self.opened = time.perf_counter() - began

    def receive(self):
        message = super().receive()
        self.bytes += len(message)
        return message

    def wait_for(self, part):
        """Returns when a message with this in it has come."""
        while part not in self.receive():
            pass


@contextlib.contextmanager
def growing(folder, variables, charts=0):
    """A board with so many variables, connected to its cloud, and charts of some of them."""
    with Cloud(folder / "cloud", []) as cloud:
        secrets = folder / "cloud" / "secrets.py"
        secrets.write_text(f"{secrets.read_text()}\nCOUNT = {variables}\n")
        flash = folder / "flash"
        flash.mkdir(exist_ok=True)
        widgets = [
            {"name": f"v{i}", "type": "Chart", "variables": [{"name": f"v{i}"}]} for i in range(charts)
        ]
        if charts:
            (flash / "dashboard.json").write_text(json.dumps({"widgets": widgets}))
        with Board(SCRIPTS / "many.py", secrets, flash=flash, network=NETWORK, heap=str(HEAP)) as board:
            board.wait_for("Cloud: connected")
            cloud.page.wait_for("v0", 0)
            yield board


def heap(board):
    """Bytes of the heap that are taken after a collection."""
    board.page.put("measure", time.monotonic_ns() & 0xFFFFFF)
    return HEAP - board.page.value("free")


def reach(pages):
    """Until a change by the first of these pages has reached all others, or if it is alone itself.

    The median in ms, and the bytes of all messages that one change costs.
    """
    for page in pages:
        page.bytes = 0
    times = []
    for number in range(1, CHANGES + 1):
        began = time.perf_counter()
        pages[0].send('{"id": %d, "name": "v0", "value": %d}' % (number, number))
        for page in pages[1:]:
            page.wait_for(b'"value": %d,' % number)
        shown = time.perf_counter()
        pages[0].wait_for(b'"id": %d' % number)
        times.append(((shown if pages[1:] else time.perf_counter()) - began) * 1000)
        time.sleep(FINGERS)
    return statistics.median(times), sum(page.bytes for page in pages) / CHANGES


def with_variables(folder, count):
    with growing(folder, count) as board:
        alone = heap(board)
        with Page(board) as first, Page(board) as second:
            size = second.bytes
            opened = min(first.opened, second.opened) * 1000
            with_pages = heap(board)
            for page in first, second:  # what the measuring changed
                page.wait_for(b'"free"')
            time_, bytes_ = reach([first, second])
    return {
        "opened_ms": opened, "first_message_bytes": size, "change_ms": time_, "change_bytes": bytes_,
        "heap_bytes": alone, "heap_with_two_pages_bytes": with_pages,
    }  # fmt: skip


def with_pages(folder, counts):
    found = {}
    with growing(folder, 10) as board, contextlib.ExitStack() as stack:
        places = board.page.get("/api/status")["places"]
        pages = []
        for count in counts:
            if count > places:
                break
            while len(pages) < count:
                pages.append(stack.enter_context(Page(board)))
            time_, bytes_ = reach(pages)
            found[count] = {"change_ms": time_, "change_bytes": bytes_}
    return found


def with_charts(folder, count):
    with growing(folder, 20, count) as board:
        taken = heap(board)
        with Page(board) as page:
            began = time.perf_counter()
            for i in range(count):
                page.send('{"id": %d, "history": "v%d", "range": 0}' % (i, i))
                page.wait_for(b'"points"')
            asked = (time.perf_counter() - began) * 1000
            size = page.bytes
    return {"opened_ms": page.opened * 1000 + asked, "opening_bytes": size, "heap_bytes": taken}


def curves(folder):
    """{"variables": {count: {figure: number}}, "pages": …, "charts": …}"""

    def each(what, counts, measured):
        found = {}
        for count in counts:
            place = folder / f"{what}{count}"
            place.mkdir()
            found[count] = measured(place, count)
        return found

    place = folder / "pages"
    place.mkdir()
    return {
        "variables": each("variables", VARIABLES, with_variables),
        "pages": with_pages(place, PAGES),
        "charts": each("charts", CHARTS, with_charts),
    }


def measure(folder, options):
    found = options.growth = curves(folder)
    least, most = found["variables"][VARIABLES[0]], found["variables"][VARIABLES[-1]]
    few, many = found["charts"][CHARTS[0]], found["charts"][CHARTS[-1]]
    per_chart = (many["heap_bytes"] - few["heap_bytes"]) / (CHARTS[-1] - CHARTS[0])
    pages = found["pages"]
    one, all_ = min(pages), max(pages)
    alone = "compared with a single variable"
    return [
        Row(f"{VARIABLES[-1]} variables: a change on a second page", most["change_ms"], "ms",
            TIMES * least["change_ms"], least["change_ms"], alone),
        Row("    its messages", most["change_bytes"], "B", None, least["change_bytes"], alone),
        Row("    a page opens", most["opened_ms"], "ms", None, least["opened_ms"], alone),
        Row("    its first message, a variable", most["first_message_bytes"] / VARIABLES[-1], "B"),
        Row("    heap, all of it with two pages", most["heap_with_two_pages_bytes"], "B"),
        Row(f"{all_} pages: a change on all of them", pages[all_]["change_ms"], "ms", None,
            pages[one]["change_ms"], "compared with a single page"),
        Row(f"{CHARTS[-1]} charts: a page opens, with their past", many["opened_ms"], "ms", None,
            few["opened_ms"], "compared with a single chart"),
        Row("    heap, a charted variable", per_chart, "B"),
    ]  # fmt: skip
