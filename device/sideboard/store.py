"""What survives a power cut: all types, the values that the page and the cloud may write, and the Thing.

sideboard.json holds {name: [type, value, time, marked, digest, …], …}, the digests of what the cloud is known
to hold where marked (see agreement.py), and, under a name that no variable has, the Thing.
"""

import json
import os

from .agreement import digest
from .compat import sleep_ms, ticks_add, ticks_diff, ticks_ms
from .errors import log
from .variables import STATUS, TYPES, Peer

_THING = ":thing"
_QUIET = 2  # seconds without a change of a variable before it is written: flash wears out
_LONGEST = 5  # so many times as long if it goes on changing, or cannot be written


class Store(Peer):
    """Restores variables as they are added to the registry, and stores them a while after they changed."""

    def __init__(self, registry):
        super().__init__(registry)
        self._kept = _stored()  # but for the variables that were added since
        registry.thing = self._kept.pop(_THING, {})
        self._typed = set()
        self._due = {}  # variable: the ticks when it is to be written, and when at the latest
        self._marked = set()  # as the file says
        registry.store = self

    def note(self, variable, longest=_LONGEST):
        if variable != STATUS and variable.type and (variable.on_write or variable not in self._typed):
            self._typed.add(variable)
            now, quiet = ticks_ms(), int(_QUIET * 1000)
            latest = self._due[variable][1] if variable in self._due else ticks_add(now, quiet * longest)
            left = min(quiet, ticks_diff(latest, now))
            self._due[variable] = ticks_add(now, left), latest
            self._news.set()

    def note_mark(self, variable):
        """What the cloud has of it changed. Where it was stored as marked it is due, even if it goes on."""
        if variable in self._marked and variable not in self._due:
            self.note(variable, 1)

    def restore(self, variable):
        """Gives a variable that was added what is kept of it; its on_write is due then: pins are to match."""
        kind, value, time, marked, *known = self._kept.pop(variable.name, (None, None, None, None))
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
        variable.marked = bool(marked)
        if marked:
            variable.known = tuple(known)
            self._marked.add(variable)
        elif marked is False and variable.initialized:
            variable.known = (digest(variable),)
        variable.due = True

    async def run(self):
        """Stores what changed, each variable a while after its last change, whatever others do."""
        said = None
        while True:
            await self._news.wait()
            self._news.clear()
            while self._due:
                now = ticks_ms()
                left = min([ticks_diff(due, now) for due, _ in self._due.values()])
                if left > 0:
                    await sleep_ms(left)
                    continue
                written, self._due = self._due, {}
                try:
                    await self.write()
                    said = None
                except (OSError, MemoryError) as error:
                    if str(error) != said:
                        said = str(error)
                        log.error("Values are not stored: %s", said)
                    written.update(self._due)
                    self._due = written
                    await sleep_ms(int(_QUIET * _LONGEST * 1000))

    async def write(self):
        """Stores all now. OSError or MemoryError when that cannot be."""
        async with self._registry.flash:
            _write(self._picture())

    def _picture(self):
        """All that is to outlive a power cut."""
        values = dict(self._kept)  # what the script does not register, perhaps not yet
        if self._registry.thing:
            values[_THING] = self._registry.thing
        self._marked = set()
        for variable in self._registry.variables.values():
            if not variable.type:
                continue
            kept = values[variable.name] = [variable.type, None, None, False]
            if variable.on_write:
                kept[1:] = variable.json(), variable.time, False if variable.known else None
                if variable.marked:
                    kept[3:] = (True,) + variable.known
                    if variable.initialized and digest(variable) not in kept:
                        kept += digest(variable), None  # it may be pushed before this is written again
                    self._marked.add(variable)
        return values


async def restart_board(registry, ms):
    """Restarts the board in so many ms, when answers are out: values are stored."""
    import machine

    await sleep_ms(ms)
    try:
        if registry.store:
            await registry.store.write()
    finally:
        machine.reset()


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
            kind, _, time, _ = values[name][:4]
            if type(kind) is not str or type(time) not in (int, float, type(None)) or time and time - time:
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
