"""What a deployment changes on a board, found out without changing anything."""

import json
from pathlib import Path

from . import DeployError, files, settings
from .board import JOURNAL, NEW, NEXT, NOTE
from .files import sha256

OURS = "lib/sideboard/", "lib/safestart/", "sideboard/", "safestart/"  # at the root they would hide those
RECORD = "deploy.json"  # {name: [SHA-256, …]} of the application's files as they were written, and SCRIPT
SCRIPT = "script"  # there, the file that became main.py; without it ours
BOOT = "boot.py"
SAFE = "import safestart"  # in boot.py
NO_CODE = "", "import machine", "import pyb"  # of what makers put into a new board's files
BLANK = 1000  # characters at most, if nothing else is in it


class Plan:
    """`copy` is {name: content}, in this order; `remove` is a list of names; `fetch` are packages from afar.

    index: where packages are, None to fetch nothing; script: what becomes main.py, None for what it was last.
    """

    def __init__(self, board, person, index, script, again):
        self._board = board
        print(board.describe(), flush=True)
        self._names = board.names()
        wanted = self._library(index)
        wanted.update(settings.choose(person, board, again))
        self.remove = self._stale({*wanted, *files.APPLICATION, settings.NAME, BOOT, RECORD})
        self.copy = board.differing(wanted)
        self.copy.update(self._boot())
        self.copy.update(self._application(person, script))
        board.check(self.copy, self.remove)

    def _library(self, index):
        modules = [*files.sources(), "boards"]
        self._built_in = self._board.built_in(modules)
        if "sideboard" in self._built_in:
            print("Sideboard is in its firmware.")
        compiled = self._board.compiled()
        wanted = files.library(self._built_in, compiled)
        self.fetch = [] if self._board.has_logging() else ["logging"]
        if self.fetch and index is not None:
            wanted.update(files.logging(index, compiled))
        return wanted

    def _stale(self, wanted):
        """What is ours and not wanted: of older versions, of a pulled plug, or hiding what is wanted."""
        stems = {name.rpartition(".")[0] for name in wanted if name.startswith("lib/")}

        def is_ours(name):
            stem, _, suffix = name.rpartition(".")
            hides = stem in stems and suffix in ("py", "mpy")
            waits = name == JOURNAL or name.endswith(NEXT)
            return hides or waits or name.startswith((*OURS, NOTE)) or name.removesuffix(NEW) in wanted

        return [name for name in self._names if name not in wanted and is_ours(name)]

    def _boot(self):
        """boot.py with the line that makes starts safe, unless it is somebody's own."""
        text = self._board.read(BOOT) if BOOT in self._names else ""
        if "safestart" in self._built_in or any(line.startswith(SAFE) for line in text.splitlines()):
            return {}
        if BOOT in self._names and not self._is_blank(BOOT):
            print(f"Its {BOOT} stays as it is: {SAFE} as its first line makes starts safe.")
            return {}
        return {BOOT: f"{SAFE}\n{text}".encode()}

    def _application(self, person, script):
        """The user's files that changed, but for those that somebody else wrote and wants to keep."""
        if "boards" in self._built_in and not script:
            print("Its firmware brings a script. SCRIPT= puts another in its place.")
            return {}
        record = self._record()
        written = dict(record)
        copy = {}
        script = self._script(script, record)
        for name, content in files.application(script).items():
            there, wanted = self._board.hash(name), sha256(content)
            foreign = there not in (None, wanted, *record.get(name, ())) and not self._is_blank(name)
            if foreign and not person.agrees(f"The board's {name} is not from here. Overwrite it?"):
                print(f"{name} stays as it is.")
                continue
            if there != wanted:
                copy[name] = content
            if wanted not in record.get(name, ()):
                written[name] = [there, wanted]
            if name == "main.py":
                written.pop(SCRIPT, None)
                if script.resolve() != files.SCRIPT.resolve():
                    written[SCRIPT] = str(script)
        return copy if written == record else {RECORD: json.dumps(written).encode(), **copy}

    def _script(self, chosen, record):
        """What becomes main.py: what is chosen, or else what it was last; None if that is not here."""
        last = record.get(SCRIPT)
        if chosen or not last:
            return chosen or files.SCRIPT
        if Path(last).is_file():
            print(f"Its main.py is {last}, as last time. SCRIPT=device/main.py brings back the example.")
            return Path(last)
        if "main.py" not in self._names:
            raise DeployError(f"The board's main.py was {last}, which is not here: name one by SCRIPT=.")
        print(
            f"Its main.py stays as it is: {last}, which it was made of, is not here. SCRIPT= names another."
        )
        return None

    def _record(self):
        if RECORD not in self._names:
            return {}
        try:
            return json.loads(self._board.read(RECORD))
        except ValueError:
            return {}

    def _is_blank(self, name):
        """Whether it holds nothing that does anything, as new boards of some makers have it."""
        text = self._board.read(name, BLANK + 1)
        lines = text.splitlines()
        return len(text) <= BLANK and all(line.startswith("#") or line.strip() in NO_CODE for line in lines)
