"""The past of charted variables: rings of steps, filled when a value is noted or the past is asked for."""

import json
from array import array

from .clock import uptime
from .compat import has_memory
from .errors import log
from .variables import STATUS, Peer, is_finite

_UNIT = 5  # seconds: a step of the first ring
_STEPS = 60  # of each ring
_WIDTHS = (1, 12, 288, 2016)  # units in a step of the first four rings: each is full when one of the next is
_LAST = 720  # where the last ring begins
_SIZE = 3600  # bytes of all
_UNKNOWN = array("f", b"\xff" * 12)  # a step of which nothing is known: NaN three times

_MOST = 20  # variables
_SPARE = 49152  # bytes of the heap that stay free, for TLS and pages


class Past:
    """Five rings of 60 steps of a variable. A step holds the least, the greatest and the last value in it.

    Of a place it holds the last latitude and longitude. A value lasts until another comes. Steps of the last
    ring, which begins with the first value, hold twice as long whenever its 60 are full.
    """

    value = None  # the one that lasts, if any

    def __init__(self, room, place):
        self._room = room  # an array of floats, NaN where nothing is known
        self.place = place
        self._newest = 0  # the newest step of the first ring, counted from when the past began
        self._width = _WIDTHS[-1]  # units in a step of the last ring
        self._lag = -(uptime() // _UNIT)

    def note(self, value):
        """It has another value now, or none where this is no finite number and no place."""
        if uptime() // _UNIT + self._lag != self._newest:
            self._settle()
        step = _step(value)
        self._add(self._at(0, self._newest), step)
        self.value = None if step is _UNKNOWN else value

    def told(self, id, name, ring):
        """The answer to message `id` of a page, in pieces: the steps of a ring, oldest first."""
        self._settle()
        width = self._width_of(ring)
        newest = self._newest // width
        age = uptime(100) - (newest * width - self._lag) * (_UNIT * 10)
        begin = '{"id": %d, "history": {"name": %s, "range": %d, "step": %d, "age": %.1f, "points": ['
        yield begin % (id, json.dumps(name), ring, width * _UNIT, age / 10)
        room = self._room[ring * 180 : ring * 180 + 180]  # it goes on while this is sent
        parts = 2 if self.place else 3
        shape = "[" + ", ".join(["%.7g"] * parts) + "]"
        comma = ""
        for number in range(max(0, newest - _STEPS + 1), newest + 1):
            at = number % _STEPS * 3
            step = tuple(room[at : at + parts])
            if step[0] == step[0]:
                yield comma + shape % step
                comma = ", "
            elif comma:
                yield ", null"
        yield "]}}"

    def _settle(self):
        """Fills all rings up to now; each holds what the first does."""
        room, old = self._room, self._newest
        self._newest = new = uptime() // _UNIT + self._lag
        at = self._at(0, old)
        for ring in range(1, 5):
            self._add(self._at(ring, old), room[at : at + 3])
        while new // self._width >= _STEPS:
            self._double()
        step = _step(self.value)
        for ring in range(5):
            width = self._width_of(ring)
            first = max(old // width + 1, new // width - _STEPS + 1)
            for units in range(first * width, new + 1, width):
                at = self._at(ring, units)
                room[at : at + 3] = step

    def _double(self):
        """Two neighbours in the last ring become one."""
        room = self._room
        self._width *= 2
        for at in range(0, 180, 6):
            to, at = _LAST + at // 2, _LAST + at
            second = room[at + 3 : at + 6]
            room[to : to + 3] = room[at : at + 3]
            self._add(to, second)
        for at in range(_LAST + 90, _LAST + 180, 3):
            room[at : at + 3] = _UNKNOWN

    def _width_of(self, ring):
        return _WIDTHS[ring] if ring < 4 else self._width

    def _at(self, ring, units):
        """Where a ring has the step with the unit of this number."""
        return (ring * _STEPS + units // self._width_of(ring) % _STEPS) * 3

    def _add(self, at, step):
        """Has the step there hold a later one, too."""
        room, place = self._room, self.place
        low, high, last = step
        if low == low:
            if place or not room[at] <= low:  # nor is NaN
                room[at] = low
            if place or not room[at + 1] >= high:
                room[at + 1] = high
            room[at + 2] = last


def _step(value):
    """A step that holds this value, or _UNKNOWN."""
    try:
        step = array("f", (value["lat"], value["lon"], 0) if isinstance(value, dict) else (value,) * 3)
        if is_finite(step[0]) and is_finite(step[1]):
            return step
    except (KeyError, TypeError):
        pass  # no number, no place, or one without a value
    return _UNKNOWN


class History(Peer):
    """The pasts of the variables that are followed, by their names, while memory lasts."""

    _names = ()

    def __init__(self, registry):
        self.pasts = {}
        super().__init__(registry)

    def follow(self, names):
        """Keeps the past of the variables of these names, a set, and of no others."""
        self._names = names
        for name in list(self.pasts):
            if name not in names:
                del self.pasts[name]
        for variable in self._registry.variables.values():
            self.note(variable)

    def note(self, variable):
        if variable != STATUS and variable.name in self._names:
            past = self.pasts.get(variable.name) or self._begin(variable)
            if past:
                past.note(variable.value)

    def _begin(self, variable):
        name = variable.name
        if variable.type in ("bool", "int", "float", "Location"):
            if len(self.pasts) < _MOST and has_memory(_SPARE):
                try:
                    self.pasts[name] = past = Past(array("f", b"\xff" * _SIZE), variable.type == "Location")
                    return past
                except MemoryError:
                    pass  # it is in pieces
            self._names.discard(name)
            log.warning("%s has no past in charts: there is room for %d", name, len(self.pasts))
