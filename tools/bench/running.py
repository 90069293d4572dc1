"""What the measurements let run: the whole app with its cloud, the official client, MicroPython alone."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import ROOT
from tools.board.power import MICROPYTHON
from tools.demo import THING
from tools.local import Board, Cloud
from tools.processes import Process

SCRIPTS = Path(__file__).with_name("scripts")
CLIENT = SCRIPTS / "client.py"  # the same for the official client and ours
DRAG = SCRIPTS / "drag.py"
MAIN = ROOT / "device" / "main.py"
STAND_INS = ROOT / "tools" / "board" / "lib"
# How Playwright starts Debian's Chromium.
CHROMIUM = {
    "executable_path": shutil.which("chromium"),
    "args": ["--no-sandbox", "--disable-background-networking"],
}


@contextlib.contextmanager
def lamp(folder, script=MAIN, network=None):
    """(cloud, board): a local cloud and a board with device/main.py, linked."""
    with Cloud(folder, THING) as cloud, Board(script, folder / "secrets.py", network=network) as board:
        board.wait_for("Cloud: connected")
        yield cloud, board


class Official(Process):
    """A script on CPython, where `arduino_iot_cloud` is the official client. folder: of its secrets.py."""

    def __init__(self, script, folder):
        shutil.copy(script, folder)
        super().__init__(sys.executable, script.name, cwd=folder)

    def __exit__(self, kind, error, traceback):
        if kind:
            print(self.output)
        self.kill()


def run_micropython(script, *arguments, libraries, folder=None, heap="2M"):
    """What a script prints in MicroPython, whose modules come from these folders. folder: where it runs."""
    path = ":".join([".frozen", *map(str, libraries)])
    command = [MICROPYTHON, "-X", f"heapsize={heap}", SCRIPTS / script, *arguments]
    environment = {**os.environ, "MICROPYPATH": path}
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, timeout=30, check=True
    ).stdout
