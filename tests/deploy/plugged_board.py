"""A board on a serial port: real MicroPython behind a pseudo-terminal, with a folder as its flash.

Its port outlives resets; a real board's only the soft ones. After each it runs boot.py, main.py and then the
REPL, or before the raw REPL only boot.py. Its power and its cable can be taken away at any time.
"""

import os
import select
import signal
import subprocess
import termios
import threading
import tty

from tools import ROOT
from tools.board import power

STAND_INS = ROOT / "tools" / "board" / "lib"
RAW, FRIENDLY, INTERRUPT = b"\x01\x02\x03"


class PluggedBoard:
    """`port` is the name of its serial port, `flash` its folder, `firmware` that of its built-in modules.

    pull_at: how many bytes it takes until the plug is pulled; taken: how many it has.
    """

    def __init__(self, folder, heap="256k", **environment):
        self.port = folder / "ttyBoard"
        self.flash = folder / "flash"
        self.firmware = folder / "firmware"
        self.flash.mkdir(parents=True)
        self.firmware.mkdir()
        for module in STAND_INS.glob("*.py"):
            if module.stem != "logging":  # few boards have it
                (self.firmware / module.name).symlink_to(module)
        self.pull_at = None
        self._environment = {**os.environ, "MICROPYPATH": f".frozen:lib:{self.firmware}", **environment}
        self._command = [power.MICROPYTHON, "-X", f"heapsize={heap}", "-i", "-c"]
        self.plug_in()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.unplug()

    def plug_in(self):
        """Gives it power, and the port its name."""
        self._usb, self._usb_end = os.openpty()
        tty.setraw(self._usb_end)
        self.port.unlink(missing_ok=True)
        self.port.symlink_to(os.ttyname(self._usb_end))
        self.taken, self._raw, self._cause = 0, False, "power"
        self._wake, self._pull = os.pipe()
        self._start()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def unplug(self):
        """Takes power and port away at once, if they still are there."""
        if self._thread:
            os.write(self._pull, b".")
            self._thread.join()
            self._thread = None
            for end in (self._wake, self._pull):
                os.close(end)

    def _start(self):
        self._console, self._console_end = os.openpty()
        modes = termios.tcgetattr(self._console)
        modes[1] &= ~termios.OPOST
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(self._console, termios.TCSANOW, modes)
        self._control, control = os.pipe()
        self._environment.update(SIDEBOARD_CONTROL=str(control), SIDEBOARD_RESET=self._cause)
        self._cause = "soft"
        program = power.start(self.firmware, self._raw)
        ends = dict.fromkeys(("stdin", "stdout", "stderr"), self._console_end)
        self._board = subprocess.Popen(
            [*self._command, program], cwd=self.flash, env=self._environment, pass_fds=[control], **ends
        )
        os.close(control)
        self._held = b""
        if self._raw:
            os.write(self._console, bytes([RAW]))

    def _stop(self):
        self._board.kill()
        self._board.wait()
        for end in (self._console, self._console_end, self._control):
            os.close(end)

    def _serve(self):
        """Carries bytes both ways until the plug is pulled."""
        while True:
            ready, _, _ = select.select([self._wake, self._usb, self._console], [], [], 0.05)
            if self._wake in ready or self.taken == self.pull_at:
                break
            if select.select([self._control], [], [], 0)[0] and os.read(self._control, 99) == b"reset\n":
                self._cause = "reset"
                self._stop()
                self._start()
                continue
            if self._usb in ready:
                most = 64 if self.pull_at is None else min(64, self.pull_at - self.taken)
                self._to_board(os.read(self._usb, most))
            if self._console in ready:
                self._to_host(os.read(self._console, 4096))
            elif self._board.poll() is not None:
                self._stop()
                self._to_host(b"MPY: soft reboot\n")
                self._start()
        self._stop()
        for end in (self._usb, self._usb_end):
            os.close(end)

    def _to_board(self, data):
        self.taken += len(data)
        for byte in data:
            self._raw = byte == RAW if byte in (RAW, FRIENDLY) else self._raw
        if INTERRUPT in data and termios.tcgetattr(self._console)[3] & termios.ISIG:
            self._board.send_signal(signal.SIGINT)  # while a program runs
        else:
            os.write(self._console, data)

    def _to_host(self, data):
        """Drops what no one takes, as a serial port does."""
        data = self._held + data
        self._held = b"\r" if data.endswith(b"\r") else b""
        data = data.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        while data and select.select([], [self._usb], [], 1)[1]:
            data = data[os.write(self._usb, data[:1024]) :]
