"""README.md's blocks, and boards that run them on this computer, without a cloud."""

import json
import os
import re

from tools import ROOT
from tools.local import Board
from tools.processes import free_port

README = (ROOT / "README.md").read_text()
SECRETS = """
WIFI_SSID = "here"
WIFI_PASS = "its password"
DEVICE_ID = "a-board"
SECRET_KEY = "its-key"
CLOUD_SERVER = "127.0.0.1"
CLOUD_PORT = {port}
"""


def block(language, word):
    """The one block of this language that has the word in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (found,) = [text for text in blocks if word in text]
    return found


class Inputs:
    """What drives the inputs of a board's pins."""

    def __init__(self, folder, monkeypatch, **levels):
        self._file = folder / "inputs.json"
        self.set(**levels)
        monkeypatch.setenv("SIDEBOARD_INPUTS", str(self._file))

    def set(self, **levels):
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(levels))
        os.replace(draft, self._file)


def started(folder, script, settings="", files=None):
    """A board that serves its page; files: {name: text} of its folder `files`."""
    folder.mkdir(exist_ok=True)
    (folder / "main.py").write_text(script)
    (folder / "secrets.py").write_text(SECRETS.format(port=free_port()) + settings)
    (folder / "flash" / "files").mkdir(parents=True)
    for name, text in (files or {}).items():
        (folder / "flash" / "files" / name).write_text(text)
    board = Board(
        folder / "main.py", folder / "secrets.py", pins=folder / "pins.json", flash=folder / "flash"
    )
    try:
        board.wait_for("refuses connections")  # the cloud; so the dashboard is there
    except AssertionError:
        board.kill()
        raise
    board.pins = lambda: json.loads((folder / "pins.json").read_text())
    return board
