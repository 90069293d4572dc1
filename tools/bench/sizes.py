"""The heap that importing takes, and the flash that the modules fill."""

from tools import ROOT, frozen, library
from tools.joined import told
from tools.processes import free_port

from .report import Row
from .running import STAND_INS, run_micropython

HEAP_LIMIT = 98304
FLASH_LIMIT = 63488  # the aim is 53,248: setup, files, the safe start and the past of charts took more
OFFICIAL_HEAP = 69280  # bytes, as once measured: its CBOR library for MicroPython is on no registry
QUOTED = "today's best: the official client, as once measured, with microdot as measured here"
LOGGING = "logging: the simulator's stands in for micropython-lib's, which has 2,557 B"


def heap(folder, *names):
    """Bytes of heap taken by importing each of the modules, in this order, from the folder.

    Modules remember their paths, which are short on a board: /lib/sideboard/….
    """
    places = folder.name, STAND_INS
    lines = run_micropython("imports.py", *names, libraries=places, folder=folder.parent).splitlines()
    return {name: int(size) for name, size in map(str.split, lines)}


def imported(folder):
    """Bytes that client, dashboard and microdot take, and those of logging."""
    sizes = heap(folder, "logging", "sideboard", "sideboard.dashboard")
    return sizes["sideboard"] + sizes["sideboard.dashboard"], sizes["logging"]


def measure_heap(folder, options):
    source, compiled = folder / "source", folder / "compiled"
    library.copy(source, library.sources())
    library.compile_into(compiled, library.modules())
    rows = []
    library.compile_into(compiled, library.microdots())
    for kind, place in ("from source", source), ("compiled", compiled):
        ours, logging = imported(place)
        best = OFFICIAL_HEAP + sum(heap(place, "microdot").values())
        rows.append(Row(f"heap after importing, {kind}", ours, "B", HEAP_LIMIT, best, QUOTED))
    growth = max(most for _, most in served(folder).values())
    return [
        *rows,
        Row("    logging beside it", logging, "B", note=LOGGING),
        Row("    while the page of a firmware is served, at most", growth, "B"),
    ]


def served(folder):
    """{"/": (bytes of the page, by how much the heap grows while it is served), …} from a firmware's."""
    library.compile_into(folder / "firmware", frozen.modules(folder / "micropython"))
    short = {name: short for (_, short), name in told.read(ROOT / told.NAMES).items()}
    arguments = str(free_port()), *(short[name] for name in "Registry Dashboard open_port let_in".split())
    lines = run_micropython("serve_frozen.py", *arguments, libraries=(folder / "firmware", STAND_INS))
    return {path: (int(size), int(most)) for path, size, most in map(str.split, lines.splitlines())}


def measure_flash(folder, options):
    sizes = library.compile_into(folder / "compiled", frozen.modules(folder))
    page = sizes.pop("sideboard/rom.mpy")
    notes = {"logging.mpy": LOGGING}
    return [
        Row("flash, all frozen modules as .mpy -O3 without the page", sum(sizes.values()), "B", FLASH_LIMIT),
        *(Row(f"    {name}", size, "B", note=notes.get(name, "")) for name, size in sizes.items()),
        Row("    beside it the pages and what they load, sideboard/rom.mpy", page, "B"),
    ]
