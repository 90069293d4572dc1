"""What survives a power cut: every variable's type, and the values that the page and the cloud may write."""

import asyncio
import json
import os

from .compat import log
from .variables import DEVICE, TYPES, Peer

_FILE = "sideboard.json"  # {name: [type, value, time, marked]}, the last three for writable variables
_NEW = "sideboard.new"
_BROKEN = "sideboard.broken"
_QUIET = 2  # seconds without a change before they are written: flash wears out


class Store(Peer):
    """Restores variables as they are added to the registry, and stores them a while after they changed."""

    def __init__(self, registry):
        super().__init__(registry)
        self._kept = _stored()  # but for the variables that were added since
        # The cloud link's, written with the next change. No variable has a colon in its name.
        self.told = self._kept.pop(":told", ("", {}))[1]
        self._typed = set()
        self._restored = []
        registry.store = self

    def tell(self, variable):
        if variable and variable.type and (variable.writable or variable not in self._typed):
            self._typed.add(variable)
            super().tell(variable)

    def restore(self, variable):
        """Gives a variable that is being added what was kept of it; tells whether that was a value."""
        kind, value, time, marked = self._kept.pop(variable.name, (None, None, None, False))
        if not variable.type and kind in TYPES.values():
            variable.type = kind
        if isinstance(value, dict):
            value = {part: number for part, number in value.items() if number is not None}
        if value in (None, {}) or not variable.writable:
            return False
        try:
            if kind != variable.type:
                raise TypeError("it was %s" % kind)
            variable.take(value, DEVICE)
        except (TypeError, ValueError) as error:
            log.warning("The stored value of %s is not used: %s", variable.name, error)
            return False
        variable.time = time
        self._restored.append((variable, marked))
        return True

    def take_restored(self):
        """(variable, marked) of those with a restored value: their on_write is to run, so that pins match."""
        restored, self._restored = self._restored, []
        return restored

    async def run(self):
        """Stores what changed, a while after the last change, but not much later while changes go on."""
        while True:
            for _ in range(5):
                await self.changes()
                await asyncio.sleep(_QUIET)
                if not self.changed:
                    break
            try:
                _write(self._picture())
            except (OSError, MemoryError) as error:
                log.error("Values are not stored: %s", error)

    def _picture(self):
        picture = dict(self._kept)  # what the script does not register, perhaps not yet
        if self.told:
            picture[":told"] = ["", self.told, None, False]
        for variable in self._registry:
            if variable.type:
                entry = [variable.type, None, None, False]
                if variable.writable:
                    entry = [variable.type, variable.json(), variable.time, variable.marked]
                picture[variable.name] = entry
        return picture


def _write(picture):
    try:
        if _read(_FILE) == picture:
            return
    except Exception:  # none yet, or it broke meanwhile
        pass
    with open(_NEW, "w") as file:
        json.dump(picture, file)
    os.rename(_NEW, _FILE)


def _read(name):
    """Raises OSError when there is none, and any other exception when it is broken."""
    with open(name) as file:
        text = file.read()
    kept = json.loads(text)
    if text[-1] != "}":  # before 1.26 MicroPython took JSON that ends too early
        raise ValueError
    for kind, _, time, _ in kept.values():
        if type(kind) is not str or type(time) not in (int, float, type(None)):
            raise ValueError
    return kept


def _stored():
    """What the last run left in the file, or in the new one if power failed before that had its name."""
    try:
        return _read(_FILE)
    except OSError:  # none yet
        pass
    except Exception:
        log.error("%s is broken: it is set aside as %s", _FILE, _BROKEN)
        _rename(_FILE, _BROKEN)
    try:
        kept = _read(_NEW)
    except Exception:  # none, or power cut it short
        return {}
    _rename(_NEW, _FILE)
    return kept


def _rename(old, new):
    try:
        os.rename(old, new)
    except OSError as error:
        log.error("%s stays: %s", old, error)
