"""Commands for this computer; here the board's own code and MicroPython's libraries come onto the path."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Python's own `secrets`, which packages need, is loaded before a board's secrets.py in this folder hides it.
_path = sys.path[:]
sys.path[:] = [folder for folder in _path if Path(folder).resolve() not in (ROOT, Path.cwd())]
import secrets  # noqa: E402, F401

sys.path[:] = _path

# Behind the host's own packages: those of the same names are meant for it.
sys.path += [str(ROOT / folder) for folder in ("device", ".micropython")]
