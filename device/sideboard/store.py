"""What survives a power cut: all types, the values that the page and the cloud may write, and the Thing.

sideboard.json holds {name: [type, value, time, marked, digest, …], …}, the digests of what the cloud is known
to hold where marked (see agreement.py), and, under a name that no variable has, the Thing. It is written
entry by entry: a small heap has no room for all.
"""

import json
import os

from .agreement import digest
from .compat import sleep_ms, ticks_add, ticks_diff, ticks_ms
from .errors import log
from .variables import STATUS, TYPES, Peer

THING = ":thing"
_QUIET = 2  # seconds without a change of a variable before it is written: flash wears out
_LONGEST = 5  # so many times as long if it goes on changing, or cannot be written


class Store(Peer):
    """Restores variables as they are added to the registry, and stores them a while after they changed."""

    def __init__(self, registry):
        super().__init__(registry)
        from .stored import stored  # used once, and then forgotten

        self._kept = stored()  # but for the variables that were added since
        registry.thing = self._kept.pop(THING, {})
        self._untyped = set()  # those whose type is not known yet
        self._due = {}  # variable: the ticks when it is to be written, and when at the latest
        self._marked = set()  # as the file says
        registry.store = self

    def note(self, variable, longest=_LONGEST):
        if variable != STATUS and variable.type and (variable.on_write or variable in self._untyped):
            self._untyped.discard(variable)
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
        self._untyped.add(variable)
        self.note(variable)
        kind, value, time, marked, *known = self._kept.pop(variable.name, (None, None, None, None))
        if not variable.type and kind in TYPES.values():
            variable.kind = kind
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
            variable.knows = tuple(known)
            self._marked.add(variable)
        elif marked is False and variable.initialized:
            variable.knows = digest(variable)
        self._registry.restored.append(variable)

    async def run(self):
        """Stores what changed, each variable a while after its last change, whatever others do."""
        said = None
        while True:
            await self._news.wait()
            self._news.clear()
            while self._due:
                left = self._left()
                if left > 0:
                    await sleep_ms(left)
                    continue
                try:
                    await self.write()
                    said = None
                except (OSError, MemoryError) as error:
                    if str(error) != said:
                        said = str(error)
                        log.error("Values are not stored: %s", said)
                    await sleep_ms(int(_QUIET * _LONGEST * 1000))

    def _left(self):
        """Milliseconds until the first is due. The frame of run() would keep what this goes through."""
        left = []
        for due, _ in self._due.values():
            left.append(ticks_diff(due, ticks_ms()))
        return min(left)

    async def write(self):
        """Stores all now. OSError or MemoryError when that cannot be."""
        async with self._registry.flash:
            _write(self._picture)
            self._due = {}

    def _picture(self):
        """All that is to outlive a power cut, by name."""
        yield from self._kept.items()  # what the script does not register, perhaps not yet
        if self._registry.thing:
            yield THING, self._registry.thing
        marked = set()
        for variable in self._registry.variables.values():
            if not variable.type:
                continue
            kept = [variable.type, None, None, False]
            if variable.on_write:
                kept[1:] = variable.json(), variable.time, False if variable.known else None
                if variable.marked:
                    kept[3:] = (True,) + variable.known
                    if variable.initialized and digest(variable) not in kept:
                        kept += digest(variable), None  # it may be pushed before this is written again
                    marked.add(variable)
            yield variable.name, kept
        self._marked = marked


def _write(picture):
    try:
        with open("sideboard.json") as file:
            for piece in _pieces(picture):
                if file.read(len(piece)) != piece:
                    raise ValueError
    except Exception:  # it does not hold just this
        with open("sideboard.new", "w") as file:
            for piece in _pieces(picture):
                file.write(piece)
        os.rename("sideboard.new", "sideboard.json")


def _pieces(picture):
    """The file's text, entry by entry."""
    text = "{"
    for entry in picture():
        yield text + json.dumps(dict((entry,)))[1:-1]
        text = ", "
    yield "}"
