"""A board on a serial port, by mpremote's raw REPL; every failure is a DeployError.

What a deployment asks of a board, here and in air.py: describe, compiled, names, hash, differing, read,
built_in, has_logging, check, carry_out, give_up; password.
"""

import binascii
import contextlib
import io
import re
import struct
import time
from pathlib import Path

from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

from tools import boards
from tools.boards import DOWNLOAD

from . import DeployError, port
from .files import MPY, sha256

ON_BOARD = Path(__file__).with_name("on_board.py")
PAGE_ON_BOARD = Path(__file__).with_name("page_on_board.py")
NEW = ".new"  # ends the name of a file that is not yet whole
# As in device/filejournal.py: what a deployment over the air left, if the plug was pulled.
NEXT = ".next"
JOURNAL = "journal.txt"
NOTE = "start.note"  # of starts that failed, by safestart

_PATIENCE = 10  # seconds for an answer
_TRIES = 5  # how often a program is told to stop
_CHUNK = 768  # bytes that are sent at once
_PROMPT = b">>> "


class Full(DeployError):
    """There is no space left on the flash."""


@contextlib.contextmanager
def _sentences():
    """Turns what the serial port and the board raise into sentences."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it does not understand
            yield
    except TransportExecError as error:
        reason = error.error_output.strip().splitlines()[-1]
        if re.search(r"ENOSPC|OSError: 28$", reason):
            raise Full("The board's flash is full.") from None
        raise DeployError(f"The board failed ({reason}): reset it and run make deploy again.") from None
    except (TransportError, OSError, struct.error):
        raise DeployError(
            "The board stopped answering: is its cable loose? Run make deploy again, it goes on from there."
        ) from None


class Board:
    """After stop() its program stands still and all else can be asked of it; restart() runs the program."""

    password = None  # that it has now, if it was needed

    def __init__(self, name):
        try:
            self._transport = SerialTransport(name, timeout=_PATIENCE)
        except TransportError:
            raise DeployError(port.why_closed(name)) from None
        self._name = name
        self._answers = False
        self._serial = self._transport.serial
        self._serial.write_timeout = _PATIENCE

    def close(self):
        with contextlib.suppress(OSError):  # the cable may be pulled
            self._transport.close()

    def stop(self):
        self._interrupt()
        with _sentences():
            # With a soft reset, which frees all memory; the board's boot.py may take its time.
            self._transport.enter_raw_repl(timeout_overall=30)
        self.run(ON_BOARD.read_text())
        self._about = self.ask("about()")
        if self._about["version"][:2] < boards.OLDEST:
            oldest = boards.version(boards.OLDEST)
            raise DeployError(f"Sideboard needs MicroPython {oldest} or newer: install it from {DOWNLOAD}")
        self._sizes = self.ask("files()")
        for folder in ("lib", "sideboard"):
            self._sizes.update(self.ask(f"files({folder!r}, True)"))

    def _interrupt(self):
        """Ends a running program, and whatever else goes on, at the prompt."""
        for _ in range(_TRIES):
            with _sentences():
                self._serial.write(b"\r\x03")
                self._transport.read_until(1, _PROMPT, timeout=0.5, timeout_overall=1)
                self._serial.write(b"\r\x02")  # leaves a raw REPL, too
                if self._transport.read_until(1, _PROMPT, timeout=0.5, timeout_overall=1).endswith(_PROMPT):
                    self._answers = True
                    return
        raise DeployError(
            f"The board at {self._name} does not answer. If it has MicroPython, its program ignores Ctrl-C: "
            "press its reset button and run make deploy at once. If not, install MicroPython: " + DOWNLOAD
        )

    def run(self, code):
        """Runs statements on the board; returns what they print."""
        with _sentences():
            return self._transport.exec(code).decode()

    def ask(self, expression):
        """The value of an expression on the board."""
        with _sentences():
            return self._transport.eval(expression)

    def describe(self):
        """A line on what it is."""
        version = boards.version(self._about["version"])
        free = self._about["free"] // 1024
        return f"Board: {self._about['machine']}, MicroPython {version}, {free} KB of flash free"

    def compiled(self):
        """Whether it runs what mpy-cross writes."""
        return self._about["mpy"] == MPY

    def names(self):
        """Those of the files at the root, and in and below lib and sideboard."""
        return self._sizes.keys()

    def hash(self, name):
        """SHA-256 of a file, None if it is not there."""
        return self._hashes([name])[name] if name in self._sizes else None

    def _hashes(self, names):
        return dict(zip(names, self.run(f"print_hashes({list(names)!r})").split()))

    def differing(self, wanted):
        """Those of {name: content} that the board does not have so."""
        alike = [name for name, content in wanted.items() if self._sizes.get(name) == len(content)]
        hashes = self._hashes(alike)
        return {name: content for name, content in wanted.items() if hashes.get(name) != sha256(content)}

    def read(self, name, most=-1):
        """The text of a file, or the start of it."""
        return self.ask(f"read({name!r}, {most})")

    def built_in(self, modules):
        """Those that come with its firmware."""
        return self.ask(f"built_in({modules!r})")

    def has_logging(self):
        return self.ask("has_logging()")

    def check(self, copy, remove):
        """Raises Full unless every step fits: a file is written before the one of the same name goes."""

        def taken(size):
            return -(-size // self._about["block"]) * self._about["block"]

        free = self._about["free"] + sum(taken(self._sizes[name]) for name in remove)
        least = free
        for name, content in copy.items():
            free -= taken(len(content))
            least = min(least, free)
            free += taken(self._sizes.get(name, 0))
        if least < 0:
            free = self._about["free"]
            raise Full(
                f"The board's flash is too full: {(free - least + 1023) // 1024} KB are needed and "
                f"{free // 1024} KB are free. Remove files you do not need."
            )

    def carry_out(self, copy, remove):
        """Removes and copies one after the other: a run that stops here is ended by the next."""
        for name in remove:
            print(f"Removing {name}", flush=True)
            self.run(f"remove({name!r})")
        for name, content in copy.items():
            print(f"Copying {name} ({len(content)} bytes)", flush=True)
            self.write(name, content)

    def give_up(self):
        """Lets its program run again, if the board is still there."""
        with contextlib.suppress(DeployError):
            self.restart()

    def write(self, name, content):
        """Whole or not at all: the file gets its name when it is complete."""
        new = name + NEW
        try:
            if "/" in name:
                self.run(f"make_folder({name.rpartition('/')[0]!r})")
            self.run(f"file = open({new!r}, 'wb')")
            for start in range(0, len(content), _CHUNK):
                chunk = binascii.b2a_base64(content[start : start + _CHUNK], newline=False)
                self.run(f"file.write(binascii.a2b_base64({chunk!r}))")
            self.run(f"file.close()\nos.rename({new!r}, {name!r})")
        except Full:
            self.run(f"give_up({new!r})")
            free = self.ask("about()")["free"]
            raise Full(
                f"The board's flash is full: {name} needs {len(content)} bytes, {free} are free. Remove "
                "files you do not need."
            ) from None

    def restart(self):
        """By a soft reset, which keeps the port: so nothing of the log is lost. Not if it never answered."""
        if self._answers:
            self._interrupt()
            with _sentences():
                self._serial.write(b"\x04")
                self._transport.read_until(1, b"soft reboot\r\n")

    def page(self):
        """Interrupts the program to ask where its page is: page_on_board.py. restart() runs it again."""
        self._interrupt()
        with _sentences():
            self._transport.enter_raw_repl(soft_reset=False)
        self.run("import gc; gc.collect()")
        self.run(PAGE_ON_BOARD.read_text())
        return self.ask("page()")

    def lines(self, seconds):
        """What the board prints within this time, line by line; ends early when its program ends."""
        deadline = time.monotonic() + seconds
        text = b""
        while not text.endswith(_PROMPT) and time.monotonic() < deadline:
            with _sentences():
                text += self._transport.read_until(1, b"\n", timeout=0.2, timeout_overall=0.5)
            if text.endswith(b"\n"):
                yield text.decode(errors="replace").rstrip()
                text = b""
