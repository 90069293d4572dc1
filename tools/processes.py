"""Commands in processes of their own, and ports for them that nobody else has."""

import itertools
import os
import random
import signal
import socket
import subprocess
import threading
import time

from . import ROOT

# Ports below those that outgoing connections get, for each of pytest's workers its own.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_ports = itertools.cycle(random.sample(range(10000 + 2500 * _WORKER, 12500 + 2500 * _WORKER), 2500))


def free_port():
    """A port that nobody has, and that is given to nobody else for long."""
    while True:
        port = next(_ports)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass  # taken


class Process:
    """A running command. Its output, standard error included, is collected line by line."""

    def __init__(self, *command, cwd=ROOT, env=None):
        self._lines = []
        self._news = threading.Condition()
        self._ended = False
        self._stopped = False  # by us
        self._child = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self.stop()
        else:
            self.kill()
            print(f"--- output of {self._child.args}\n{self.output}")

    def _collect(self):
        for line in self._child.stdout:
            with self._news:
                self._lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def pid(self):
        return self._child.pid

    @property
    def output(self):
        with self._news:
            return "\n".join(self._lines)

    def wait_for(self, text, timeout=60, count=1):
        """Waits until `text` stands in `count` lines of the output; returns the last of these lines."""

        def found():
            return [line for line in self._lines if text in line]

        with self._news:
            self._news.wait_for(lambda: len(found()) >= count or self._ended, timeout)
            if len(found()) >= count:
                return found()[count - 1]
        how = "ended" if self._ended else f"ran {timeout} s"
        raise AssertionError(f"{self._child.args} {how} without {text!r}:\n{self.output}")

    def wait(self, timeout=60):
        """Waits until the process ends; returns its exit code."""
        code = self._child.wait(timeout)
        self._reader.join(timeout)
        return code

    def stop(self, number=signal.SIGTERM, timeout=30):
        """Ends the process by a signal, unless it is stopped already, and sees that it ends cleanly.

        Returns the seconds it took.
        """
        if self._stopped:
            return 0
        self._stopped = True
        began = time.monotonic()
        self._child.send_signal(number)
        try:
            code = self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self._child.args} did not stop in {timeout} s:\n{self.output}") from None
        assert code == 0, f"{self._child.args} ended with {code}:\n{self.output}"
        return time.monotonic() - began

    def kill(self):
        self._stopped = True
        self._child.kill()
        self.wait()
