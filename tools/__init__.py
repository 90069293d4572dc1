"""Commands for this computer; here the board's own code and MicroPython's libraries come onto the path."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Behind the host's own packages: those of the same names are meant for it.
sys.path += [str(ROOT / folder) for folder in ("device", ".micropython")]
