"""What the board's codec takes for a coloured light."""

from tools.board.power import LIBRARIES

from .report import Row
from .running import run_micropython

# micropython-lib's cbor2 is on no registry: these figures are from another run.
QUOTED = {"encode": (46, 3232), "decode": (39, 3488)}
NOTE = "today's best: micropython-lib, as once measured, not measured in this run"


def measure(folder, options):
    rows = []
    for line in run_micropython("senml.py", libraries=LIBRARIES).splitlines():
        name, microseconds, size = line.split()
        time, memory = QUOTED[name]
        rows += [
            Row(f"SenML, {name} a coloured light: time", float(microseconds), "us", time / 2, time, NOTE),
            Row(f"SenML, {name} a coloured light: memory", int(size), "B", memory / 3, memory, NOTE),
        ]
    return rows
