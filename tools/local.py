"""The local cloud and the simulated board, each in a process of its own, with its page."""

import json
import sys
from pathlib import Path

from .page_client import Page
from .processes import Process, free_port


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
    library: the folder of its modules, else those of the sources; network: whose limits it has; boot: it
    starts as boards do, by boot.py and main.py; heap: "256k", unless said otherwise.
    """

    def __init__(
        self, script, secrets, http_port=None, pins=None, flash=None, library=None, network=None,
        boot=False, heap=None,
    ):  # fmt: skip
        self.http_port = http_port or free_port()
        command = [sys.executable, "-m", "tools.board", script, "--secrets", secrets]
        command += ["--http-port", self.http_port]
        if pins:
            command += ["--pins", pins]
        if flash:
            command += ["--flash", flash]
        if library:
            command += ["--library", library]
        if network:
            command += ["--network", network]
        if boot:
            command += ["--boot"]
        if heap:
            command += ["--heap", heap]
        super().__init__(*command)
        self.page = Page(self.http_port)
