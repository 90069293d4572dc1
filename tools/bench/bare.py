"""What the same wire, interpreter and processor do without us: microdot and umqtt alone, on a board."""

import contextlib
import os

from tools import library
from tools.local import Board

from .running import SCRIPTS

WHOLE = "__init__.py", "microdot.py", "websocket.py", "helpers.py"  # of microdot


def board(folder, script):
    """A board that has the libraries only, whole, and runs this script. folder: has its settings."""
    modules = folder / "bare"
    if not modules.exists():
        files = {f"microdot/{name}": library.MICRODOT / name for name in WHOLE}
        library.compile_into(modules, {**files, "umqtt/simple.py": library.INSTALLED / "umqtt" / "simple.py"})
        library.copy(modules, {"page.html.gz": library.DEVICE / "sideboard" / "page.html.gz"})
    return Board(SCRIPTS / script, folder / "secrets.py", library=modules, network="host")


@contextlib.contextmanager
def one_processor():
    """What starts now runs on one: else a trip lasts as long as the kernel takes to wake another."""
    if not hasattr(os, "sched_setaffinity"):  # not on Linux
        yield
        return
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)
