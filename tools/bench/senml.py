"""What the board's codec takes for a coloured light."""

from tools import ROOT
from tools.board import compiled

from .report import Row
from .running import run_micropython

# micropython-lib's cbor2 is on no registry: these figures are from another run.
QUOTED = {"encode": (46, 3232), "decode": (39, 3488)}
NOTE = "today's best: micropython-lib, as once measured, not measured in this run"


def measure(folder, options):
    rows = []
    libraries = ROOT / "device", compiled.libraries(), compiled.stand_ins("lib")
    for line in run_micropython("senml.py", libraries=libraries).splitlines():
        name, microseconds, size = line.split()
        time, memory = QUOTED[name]
        rows += [
            Row(f"SenML, {name} a coloured light: time", float(microseconds), "us", time / 2, time, NOTE),
            Row(f"SenML, {name} a coloured light: memory", int(size), "B", memory / 3, memory, NOTE),
        ]
    return rows
