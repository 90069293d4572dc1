"""A board in the network, by its page's HTTP interface: to a deployment what board.py is on a serial port.

Its program runs on. What is new waits there beside the old until all of it is there, and gets its names at a
restart: a cable or a plug that is pulled leaves all old or all new.
"""

import contextlib
import json
import time
import urllib.parse

from . import DeployError, settings
from .board import NEXT, NOTE, Full
from .files import MPY, sha256
from .session import WrongPassword, json_of

SECONDS = 75  # joining a Wi-Fi takes 15, and the board's own opens after 20
AGAIN = 0.3  # seconds, after which it is asked again
# By these a start ends what a pulled plug left: they go first, while all else is still the old.
FIRST = "lib/filejournal.", "lib/safestart/"


class AirBoard:
    """After open() it can be asked all that board.Board can be, and after carry_out() to restart()."""

    def __init__(self, session):
        self._session = session
        self._waiting = []  # names of files there that wait

    def open(self):
        self._session.open()
        self.password = self._session.password
        status, answer = self._session.ask("GET", "/api/files")
        if status == 404:
            raise DeployError(
                f"The Sideboard at {self._session.host} is too old to take files: "
                "run make deploy once by USB."
            )
        self._hashes = json.loads(self._taken(status, answer))

    def _taken(self, status, answer):
        """The body of an answer that is no refusal."""
        if status == 507:
            raise Full(f"The board refuses: {json_of(answer).get('error')}. Remove files you do not need.")
        if status >= 400:
            raise self._session.refused(answer)
        return answer

    def _ask(self, method, name, body=None, **headers):
        path = "/api/files/" + urllib.parse.quote(name)
        status, answer = self._session.ask(method, path, body, **headers)
        return status, self._taken(status, answer)

    def describe(self):
        return f"Board: {self._session.title} at {self._session.host}"

    def names(self):
        """Without the note of failed starts, which each start writes: it goes with whatever changes."""
        return self._hashes.keys() - {NOTE}

    def hash(self, name):
        return self._hashes.get(name)

    def compiled(self):
        """As what it has now: a Sideboard runs already."""
        known = "lib/sideboard/__init__.mpy"
        if known in self._hashes:
            return self._ask("GET", known)[1][1] == MPY
        return "lib/sideboard/__init__.py" not in self._hashes

    def differing(self, wanted):
        return {name: content for name, content in wanted.items() if not self._has(name, content)}

    def _has(self, name, content):
        if name not in self._hashes:
            return False
        if self._hashes[name]:
            return self._hashes[name] == sha256(content)
        # It is secret: the board tells no more than whether this is it.
        path = "/api/files/" + urllib.parse.quote(name)
        return self._session.ask("GET", path, If_None_Match=f'"{sha256(content)}"')[0] == 304

    def read(self, name, most=None):
        return self._ask("GET", name)[1].decode(errors="replace")[:most]

    def built_in(self, modules):
        """A Sideboard runs: what is not on the flash is in the firmware, unless it was lost."""
        there = {name.removeprefix("lib/") for name in self._hashes}

        def lies_there(module):
            return any(f"{module}{end}" in there for end in (".py", ".mpy", "/__init__.py", "/__init__.mpy"))

        if lies_there("sideboard"):
            return []
        if lies_there("main"):
            modules = [module for module in modules if module != "boards"]
        return [module for module in modules if not lies_there(module)]

    def has_logging(self):
        """Without it no Sideboard runs."""
        return True

    def check(self, copy, remove):
        """That it keeps a password: else this would be the last time. Room it looks for itself, each time."""
        if settings.NAME in copy and not settings.names_password(copy[settings.NAME]):
            raise DeployError(
                f"The {settings.NAME} of this folder has no DASHBOARD_PASSWORD, without which the board "
                "takes no more files: add it, or deploy by USB."
            )

    def carry_out(self, copy, remove):
        """Copies everything beside what is there, and then has the board restart with it."""
        for name, content in copy.items():
            print(f"Copying {name} ({len(content)} bytes)", flush=True)
            self._ask("PUT", name + NEXT, content, X_SHA256=sha256(content))
            self._waiting.append(name + NEXT)
        for name in remove:
            print(f"Removing {name}", flush=True)
        order = sorted(copy, key=lambda name: not name.startswith(FIRST))
        lines = [f"{sha256(copy[name])} {name}\n" for name in order]
        lines += [f"- {name}\n" for name in (*remove, NOTE)]
        self._waiting = []  # from here on the board decides
        self._taken(*self._session.ask("POST", "/api/restart", "".join(lines).encode()))

    def give_up(self):
        """Removes what waits, if the board is still there; its next start does so, too."""
        with contextlib.suppress(DeployError):
            for name in self._waiting:
                self._ask("DELETE", name)

    def restart(self):
        """carry_out() has done it."""


class Return:
    """A board's restart, as log.Log. address: that of its page; own_wifi: None, as it was found in ours."""

    own_wifi = None

    def __init__(self, session):
        self._session = session
        self.address = f"http://{session.host}/"

    def follow(self):
        """Until the board is back, and then shows its log. DeployError when it does not come."""
        print("The board restarts.", flush=True)
        deadline = time.monotonic() + SECONDS
        while not self._session.has_ended():
            if time.monotonic() > deadline:
                raise DeployError(
                    f"The board is not back at {self._session.host} within {SECONDS} s: make deploy shows "
                    "its log when it is connected by USB."
                )
            time.sleep(AGAIN)
        try:
            self._session.open()
        except WrongPassword:
            return  # it has the new one
        status, answer = self._session.ask("GET", "/api/log")
        if status == 200:
            print("The board's log:")
            for line in answer.decode(errors="replace").splitlines():
                print(f"  {line}")
