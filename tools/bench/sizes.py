"""The heap that importing takes, and the flash that the modules fill."""

from tools import library

from .report import Row
from .running import STAND_INS, run_micropython

HEAP_LIMIT = 98304
FLASH_LIMIT = 49152
OFFICIAL_HEAP = 69280  # bytes, as the design quotes it: its CBOR library for MicroPython is on no registry
QUOTED = "today's best: the official client, as the design quotes it, with microdot as measured here"
LOGGING = "logging counts apart: the simulator's stands in for micropython-lib's, which is a bit smaller"


def heap(folder, *names):
    """Bytes of heap taken by importing each of the modules, in this order, from the folder."""
    lines = run_micropython("imports.py", *names, libraries=(folder, STAND_INS)).splitlines()
    return {name: int(size) for name, size in map(str.split, lines)}


def imported(folder):
    """Bytes that client, dashboard and microdot take, and those of logging."""
    sizes = heap(folder, "logging", "sideboard", "sideboard.dashboard")
    return sizes["sideboard"] + sizes["sideboard.dashboard"], sizes["logging"]


def measure_heap(folder, options):
    files = library.modules()
    source, compiled = folder / "source", folder / "compiled"
    library.copy(source, files)
    library.compile_into(compiled, files)
    rows = []
    for kind, place in ("from source", source), ("compiled", compiled):
        ours, logging = imported(place)
        best = OFFICIAL_HEAP + sum(heap(place, "microdot", "microdot.websocket").values())
        rows.append(Row(f"heap after importing, {kind}", ours, "B", HEAP_LIMIT, best, QUOTED))
    return [*rows, Row("    logging beside it", logging, "B", note=LOGGING)]


def measure_flash(folder, options):
    sizes = library.compile_into(folder, library.modules())
    logging = library.compile_into(folder, {"logging.py": STAND_INS / "logging.py"})
    rows = [Row(f"    {name}", size, "B") for name, size in sizes.items()]
    return [
        Row("flash, all modules as .mpy -O3 without the page", sum(sizes.values()), "B", FLASH_LIMIT),
        *rows,
        *(Row(f"    {name} beside it", size, "B", note=LOGGING) for name, size in logging.items()),
    ]
