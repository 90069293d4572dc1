"""The board's power: MicroPython is started, started again after a reset, and ends with the command."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

from . import compiled

ROOT = Path(__file__).resolve().parents[2]
MICROPYTHON = Path(sys.executable).with_name("micropython")

# As strict as lwIP on rp2 and stm32, or on an ESP32: see lwip/socket.py; or the computer's own.
NETWORKS = ("lwip", "esp32", "host")
DEFAULT_NETWORK = "lwip"

SAFE_START = ROOT / "device" / "safestart" / "main.py"
START = """
for name in {names}:
    try:
        open(name).close()
    except OSError:
        continue
    execfile(name)
"""

# What the board asks for on its control pipe: how the restart is announced, and its reset_cause().
RESETS = {b"reset": "reset", b"soft": "soft reboot", b"watchdog": "watchdog reset"}


def supply(run):
    """Calls run(lifeline) in a second process and returns the exit code, for both processes.

    The lifeline becomes readable when the first process is told to end, and also when it is killed:
    so the second can always end the board and clean up.
    """
    lifeline, hold = os.pipe()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os.write(hold, b"."))
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    os.setsid()  # Ctrl-C is for the first process only
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    os.close(hold)
    return run(lifeline)


def start(library=None, raw=False):
    """What a board does at a start, as MicroPython's code: boot.py, and main.py unless it is in the raw REPL.

    A frozen main.py comes before the one on the flash; here it is run from its source.
    """
    frozen = library and (library / "main.mpy").exists()
    main = str(SAFE_START) if frozen else "main.py"
    names = ("boot.py",) if raw else ("boot.py", main)
    return START.format(names=names)


class Board:
    """MicroPython in a folder that is its flash.

    script: what it runs, None for boot.py and main.py; library: the folder of its modules; network: one of
    NETWORKS; wifi: the networks in reach, as lib/network.py takes them; dns_port: the port that is the
    board's 53.
    """

    def __init__(
        self,
        script,
        flash,
        heap,
        pins=None,
        library=None,
        network=DEFAULT_NETWORK,
        wifi="null",
        dns_port=None,
    ):
        program = [script] if script else ["-c", start(library)]
        self.command = [MICROPYTHON, "-X", f"heapsize={heap}", *program]
        self.flash = flash
        self.pins = pins and pins.absolute()
        self.network = network
        self.wifi = wifi
        self.dns_port = dns_port
        # After the flash and its folder lib, like frozen modules.
        ours = [library.absolute()] if library else [ROOT / "device", compiled.libraries()]
        self.libraries = [*ours, compiled.stand_ins("lib")]
        if network != "host":
            self.libraries.insert(0, compiled.stand_ins("lwip"))

    def run(self, lifeline):
        """Runs until the script ends or the lifeline is readable; returns the exit code."""
        cause = None
        while True:
            code, cause = self._run_once(lifeline, cause)
            if cause is None:
                return code
            print(f"MPY: {RESETS[cause]}", flush=True)

    def _run_once(self, lifeline, cause):
        """Returns (exit code, None), or (None, the kind of reset that the board needs)."""
        if self.pins:
            draft = self.pins.with_name(self.pins.name + ".new")
            draft.write_text("{}")
            draft.replace(self.pins)
        control, board_end = os.pipe()
        board = subprocess.Popen(
            self.command,
            cwd=self.flash,
            env=self._environment(board_end, cause),
            pass_fds=[board_end],
            stdin=subprocess.DEVNULL,
        )
        os.close(board_end)
        try:
            return self._attend(board, control, lifeline)
        finally:
            board.kill()
            board.wait()
            os.close(control)

    def _attend(self, board, control, lifeline):
        timeout = cause = None
        while True:
            ready, _, _ = select.select([lifeline, control], [], [], timeout)
            if lifeline in ready:
                return 0, None
            if not ready:
                return None, b"watchdog"
            requests = os.read(control, 4096).split()
            if not requests:
                return exit_code(board), cause
            if b"reset" in requests:
                return None, b"reset"
            if b"soft" in requests:
                cause = b"soft"  # the script's `finally` blocks run first
            else:
                timeout = int(requests[-1]) / 1000

    def _environment(self, control, cause):
        return {
            **os.environ,
            "MICROPYPATH": ":".join([".frozen", "lib", *map(str, self.libraries)]),
            "SIDEBOARD_CONTROL": str(control),
            "SIDEBOARD_RESET": (cause or b"power").decode(),
            "SIDEBOARD_PINS": str(self.pins or ""),
            "SIDEBOARD_NETWORK": self.network,
            "SIDEBOARD_WIFI": self.wifi,
            "SIDEBOARD_DNS_PORT": str(self.dns_port or ""),
        }


def exit_code(board):
    code = board.wait()
    if code >= 0:
        return code
    print(f"MicroPython was ended by {signal.Signals(-code).name}.", file=sys.stderr, flush=True)
    return 128 - code
