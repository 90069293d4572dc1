"""What survives a power cut: all types, the values that the page and the cloud may write, and the Thing.

sideboard.json holds {name: [type, value, time, marked], …} and, under a name that no variable has, the Thing.
"""

import asyncio
import json
import os

from .errors import log
from .variables import STATUS, TYPES, Peer

_THING = ":thing"
_QUIET = 2  # seconds without a change before they are written: flash wears out


class Store(Peer):
    """Restores variables as they are added to the registry, and stores them a while after they changed."""

    def __init__(self, registry):
        super().__init__(registry)
        self._kept = _stored()  # but for the variables that were added since
        registry.thing = self._kept.pop(_THING, {})
        self._typed = set()
        registry.store = self

    def note(self, variable):
        if variable != STATUS and variable.type and (variable.on_write or variable not in self._typed):
            self._typed.add(variable)
            super().note(variable)

    def restore(self, variable):
        """Gives a variable that was added what is kept of it; its on_write is due then: pins are to match."""
        kind, value, time, marked = self._kept.pop(variable.name, (None, None, None, None))
        if not variable.type and kind in TYPES.values():
            variable.type = kind
        if isinstance(value, dict):
            for part in list(value):
                if value[part] is None:
                    del value[part]
        if not variable.on_write or value in (None, {}):
            return
        try:
            if kind != variable.type:
                raise TypeError("it was %s" % kind)
            variable.value = value
        except (TypeError, ValueError) as error:
            log.warning("The stored value of %s is not used: %s", variable.name, error)
            return
        variable.time = time
        variable.marked = marked
        variable.due = True

    async def run(self):
        """Stores what changed, a while after the last change, but not much later while changes go on."""
        while True:
            for _ in range(5):
                await self.changes()
                await asyncio.sleep(_QUIET)
                if not self.changed:
                    break
            values = dict(self._kept)  # what the script does not register, perhaps not yet
            if self._registry.thing:
                values[_THING] = self._registry.thing
            for variable in self._registry.variables.values():
                if variable.type:
                    kept = [None, None, False]
                    if variable.on_write:
                        kept = [variable.json(), variable.time, variable.marked]
                    values[variable.name] = [variable.type] + kept
            try:
                _write(values)
            except (OSError, MemoryError) as error:
                log.error("Values are not stored: %s", error)


def _write(values):
    if _read("sideboard.json") != values:
        with open("sideboard.new", "w") as file:
            json.dump(values, file)
        os.rename("sideboard.new", "sideboard.json")


def _read(name):
    """What a file holds: {} when there is none, None when it is broken."""
    try:
        with open(name) as file:
            text = file.read()
        values = json.loads(text)
        for name in values:
            if name == _THING:
                if type(values[name]) is not dict:
                    return None
                continue
            kind, _, time, _ = values[name]
            if type(kind) is not str or type(time) not in (int, float, type(None)):
                return None
        if text[-1] == "}":  # before 1.26 MicroPython took JSON that ends too early
            return values
    except OSError:
        return {}
    except Exception:
        pass


def _stored():
    """What the last run left: in the new file, if power failed before that had its name."""
    values = _read("sideboard.new")
    try:
        if values:
            os.rename("sideboard.new", "sideboard.json")
            return values
        values = _read("sideboard.json")
        if values is None:
            log.error("%s is broken: it is set aside as %s", "sideboard.json", "sideboard.broken")
            os.rename("sideboard.json", "sideboard.broken")
    except OSError as error:
        log.error("%s stays: %s", "sideboard.json", error)
    return values or {}
