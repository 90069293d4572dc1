"""The whole app in 256 KB, with two pages that switch and drag."""

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from .report import Row
from .running import SCRIPTS, lamp

WARM_UP = 8  # reports, a second apart
EVERY = 0.03  # seconds: as fast as a page sends while someone drags
GROWTH_LIMIT = 1024  # bytes; a block of 32 bytes lost at each write would make some 20,000
TROUBLE = "Traceback", "ERROR", "WARNING", "Too fast", "Dropped"


def play(page, number, end):
    """One visitor, until `end` is set; returns the count of writes."""
    count = 0
    with page.follow() as visitor:
        while not end.wait(EVERY):
            count += 1
            if count % 20:
                answer = visitor.write("light", {"swi": True, "hue": (count * 7 + number * 180) % 360})
            else:
                answer = visitor.write("ledSwitch", count % 40 == 0)
            if "error" in answer:
                raise AssertionError(f"a page's write was refused: {answer['error']}")
    return count


def played(board, seconds):
    """Lets two visitors play; returns their writes, and what was free meanwhile, in bytes."""
    end = threading.Event()
    with ThreadPoolExecutor(2) as visitors:
        playing = [visitors.submit(play, board.page, number, end) for number in range(2)]
        try:
            began = len(free(board))
            deadline = time.monotonic() + WARM_UP + 2 * seconds
            while len(free(board)) < began + WARM_UP + seconds and time.monotonic() < deadline:
                time.sleep(0.1)
        finally:
            end.set()
    return sum(visitor.result() for visitor in playing), free(board)[began + WARM_UP :]


def free(board):
    return [int(line.split()[1]) for line in board.output.splitlines() if line.startswith("free ")]


def measure(folder, options):
    with lamp(folder, SCRIPTS / "soak.py") as (cloud, board):
        writes, reports = played(board, options.soak_seconds)
        output = f"{board.output}\n{cloud.output}"
    trouble = [line for line in output.splitlines() if any(word in line for word in TROUBLE)]
    if trouble:
        raise AssertionError("during the soak:\n" + "\n".join(trouble))
    part = max(1, len(reports) // 3)
    growth = int(statistics.median(reports[:part]) - statistics.median(reports[-part:]))
    note = f"free memory, last third of {len(reports)} s against the first: {writes} writes, no error"
    return [
        Row("soak in 256 KB, two pages: growth", growth, "B", GROWTH_LIMIT, note=note),
        Row("    least free after a collection", min(reports), "B"),
    ]
