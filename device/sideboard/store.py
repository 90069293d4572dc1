"""What survives a power cut: every variable's type, and the values that the page and the cloud may write."""

import asyncio
import json
import os

from .compat import log
from .variables import DEVICE, Peer

_FILE = "sideboard.json"
_NEW = "sideboard.new"
_BROKEN = "sideboard.broken"
_QUIET = 2  # seconds without a change before they are written: flash wears out
_PATIENCE = 5  # times as long while changes go on


class Store(Peer):
    """Restores variables as they are added to the registry, and stores them a while after they changed."""

    def __init__(self, registry):
        super().__init__(registry)
        self._kept = _read(_FILE) or _read(_NEW) or {}  # by name: [type], or [type, value, time, marked]
        self._written = {}
        self._restored = []
        registry.store = self

    def tell(self, variable):
        if variable and (variable.writable or variable.name not in self._written):
            super().tell(variable)

    def restore(self, variable):
        """Gives a variable that is being added what was kept of it; tells whether that was a value."""
        kept = self._kept.pop(variable.name, None)
        if not kept or variable.type not in (None, kept[0]):
            return False
        variable.type = kept[0]
        if len(kept) < 4 or not variable.writable:
            return False
        try:
            variable.take(kept[1], DEVICE)
        except (TypeError, ValueError):
            return False
        variable.time = kept[2]
        self._restored.append((variable, kept[3]))
        return True

    def take_restored(self):
        """(variable, marked) of those with a restored value: their on_write is to run, so that pins match."""
        restored, self._restored, self._kept = self._restored, [], {}
        return restored

    async def run(self):
        """Stores what changed, a while after the last change, but not much later while changes go on."""
        while True:
            await self.news()
            for _ in range(_PATIENCE):
                self.take()
                await asyncio.sleep(_QUIET)
                if not self.changed:
                    break
            picture = self._picture()
            if picture != self._written:
                _write(picture)
                self._written = picture

    def _picture(self):
        picture = {}
        for variable in self._registry:
            if variable.writable and variable.initialized:
                picture[variable.name] = (variable.type, variable.json(), variable.time, variable.marked)
            elif variable.type:
                picture[variable.name] = (variable.type,)
        return picture


def _write(picture):
    try:
        with open(_NEW, "w") as file:
            json.dump(picture, file)
        if hasattr(os, "sync"):
            os.sync()
        try:
            os.rename(_NEW, _FILE)
        except OSError:  # FAT replaces no file
            os.remove(_FILE)
            os.rename(_NEW, _FILE)
    except OSError as error:
        log.error("Values are not stored: %s", error)


def _read(name):
    try:
        with open(name) as file:
            kept = json.load(file)
        if isinstance(kept, dict) and all(isinstance(item, list) and item for item in kept.values()):
            return kept
    except OSError:
        return None
    except (ValueError, RuntimeError):
        pass
    log.error("%s is broken: it is set aside as %s, and values start anew", name, _BROKEN)
    os.rename(name, _BROKEN)
    return None
