"""How long the garbage collector stops a board, by the size of its heap."""

from tools import ROOT
from tools.board import compiled

from .report import Row
from .running import run_micropython

# Of 64 bits; one of 32 bits holds about twice as much.
SIZES = "256k", "512k", "1M"


def measure(folder, options):
    libraries = ROOT / "device", compiled.libraries(), compiled.stand_ins("lib")
    rows = []
    for size in SIZES:
        longest, count = map(int, run_micropython("collect.py", libraries=libraries, heap=size).split())
        note = f"full of variables, {count:,} in the last one"
        rows.append(Row(f"garbage collection, {size} of heap: longest stop", longest / 1000, "ms", 50))
    rows[-1].note = note
    return rows
