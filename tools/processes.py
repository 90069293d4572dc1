"""Clouds and boards in processes of their own, for tests and the bench, which let them talk to each other."""

import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parent.parent


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

    def wait_for(self, text, timeout=10, count=1):
        """Waits until `text` stands in `count` lines of the output; returns the last of these lines."""

        def found():
            return [line for line in self._lines if text in line]

        with self._news:
            self._news.wait_for(lambda: len(found()) >= count or self._ended, timeout)
            if len(found()) >= count:
                return found()[count - 1]
        how = "ended" if self._ended else f"ran {timeout} s"
        raise AssertionError(f"{self._child.args} {how} without {text!r}:\n{self.output}")

    def wait(self, timeout=10):
        """Waits until the process ends; returns its exit code."""
        code = self._child.wait(timeout)
        self._reader.join(timeout)
        return code

    def stop(self, number=signal.SIGTERM, timeout=5):
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


class Page:
    """The HTTP side of a board or a cloud at `port` of this computer."""

    def __init__(self, port):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._socket_url = f"ws://127.0.0.1:{port}/ws"

    def get(self, path="/api/variables"):
        with urllib.request.urlopen(self.url + path, timeout=5) as response:
            return json.load(response)

    def value(self, name):
        return self.get(f"/api/variables/{name}")["value"]

    def put(self, name, value):
        """Writes a variable; returns (HTTP status, answer)."""
        request = urllib.request.Request(
            f"{self.url}/api/variables/{name}", json.dumps(value).encode(), method="PUT"
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def follow(self):
        """An open page, to be used by `with`."""
        return Follower(self._socket_url)

    def wait_for(self, name, value, timeout=10):
        """Waits until the variable has the value (of a composite: the parts given), told by its WebSocket."""
        with self.follow() as page:
            page.wait_for(name, value, timeout)

    def wait_for_status(self, key, value, timeout=10):
        with self.follow() as page:
            page.wait_until(lambda: page.status.get(key) == value, f"status {key} {value!r}", timeout)


class Follower:
    """What a browser on the page knows: `status`, and `variables` by name."""

    def __init__(self, url):
        self.status = {}
        self.variables = {}
        self._writes = 0
        self._socket = connect(url, proxy=None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._socket.close()

    def value(self, name):
        return self.variables.get(name, {}).get("value")

    def wait_for(self, name, value, timeout=10):
        def there():
            now = self.value(name)
            return now == ({**now, **value} if isinstance(now, dict) else value)

        self.wait_until(there, f"{name} {value!r}", timeout)

    def wait_until(self, condition, what, timeout=10):
        deadline = time.monotonic() + timeout
        while not (self.status and condition()):
            try:
                self._take(deadline)
            except TimeoutError:
                known = f"{self.status} {self.variables}"
                raise AssertionError(f"no {what} within {timeout} s: {known}") from None

    def write(self, name, value):
        """Writes a variable as the page does; returns the answer."""
        self._writes += 1
        self._socket.send(json.dumps({"id": self._writes, "name": name, "value": value}))
        message = {}
        while message.get("id") != self._writes:
            message = self._take(time.monotonic() + 5)
        return message

    def _take(self, deadline):
        text = self._socket.recv(timeout=max(deadline - time.monotonic(), 0))
        message = {} if text.startswith("L") else json.loads(text)  # L: a piece of the layout
        self.status.update(message.get("status", {}))
        self.variables.update({variable["name"]: variable for variable in message.get("variables", ())})
        return message


class Cloud(Process):
    """A local cloud that serves. thing: list of variables' descriptions; folder: keeps what it must know."""

    program = ("-m", "tools.cloud")

    def __init__(self, folder, thing=None, http_port=None, mqtt_port=None):
        self.folder = Path(folder)
        self.http_port = http_port or free_port()
        self.mqtt_port = mqtt_port or free_port()
        command = [sys.executable, *self.program, "--http-port", self.http_port]
        command += ["--mqtt-port", self.mqtt_port, "--dir", self.folder]
        if thing is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "thing.json").write_text(json.dumps(thing))
            command += ["--thing", self.folder / "thing.json"]
        super().__init__(*command)
        self.page = Page(self.http_port)
        self.wait_for("ready")
        self.secrets = {}
        exec((self.folder / "secrets.py").read_text(), self.secrets)


class Board(Process):
    """A simulated board that runs a script with the settings of a cloud.

    pins: a file for its pins' state; flash: the folder of its file system, which outlives it;
    library: the folder of its modules, else those of the sources.
    """

    def __init__(self, script, secrets, http_port=None, pins=None, flash=None, library=None):
        self.http_port = http_port or free_port()
        command = [sys.executable, "-m", "tools.board", script, "--secrets", secrets]
        command += ["--http-port", self.http_port]
        if pins:
            command += ["--pins", pins]
        if flash:
            command += ["--flash", flash]
        if library:
            command += ["--library", library]
        super().__init__(*command)
        self.page = Page(self.http_port)
