"""The past of charted variables: rings of steps, filled when a value is noted or the past is asked for."""

import asyncio
import json
import os
from array import array
from binascii import crc32

from .clock import now, uptime
from .compat import has_memory, sleep_ms
from .errors import log
from .layout import remove_file
from .variables import STATUS, Peer

_UNIT = 5  # seconds: a step of the first ring
_STEPS = 60  # of each ring
_WIDTHS = (1, 12, 288, 2016)  # units in a step of the first four rings: each is full when one of the next is
_LAST = 720  # where the last ring begins
_SIZE = 3600  # bytes of all
_UNKNOWN = array("f", b"\xff" * 12)  # a step of which nothing is known: NaN three times
_HUGE = 3.4e38  # half of it a float of 32 bits surely holds

_MOST = 20  # variables: the flash may hold their pasts twice
_SPARE = 49152  # bytes of the heap that stay free, for TLS and pages
_FIRST_MS = 600000  # until it is written; then twice as long each time, for flash wears out: each write
_SELDOM_MS = 9600000  # takes six of the same block of FAT, which bears 100,000; and no longer than this


class Past:
    """Five rings of 60 steps of a variable. A step holds the least, the greatest and the last value in it.

    Of a place it holds the last latitude and longitude. A value lasts until another comes. Steps of the last
    ring, which begins with the past, hold twice as long whenever its 60 are full.
    """

    lasts = False  # whether the last value does

    def __init__(self, place, room, lag, newest=0, width=_WIDTHS[-1]):
        self.place = place
        self.room = array("f", room)  # NaN where nothing is known
        self.lag = lag  # units from the begin of the past to the start of the board
        self.newest = newest  # unit, and step of the first ring, counted from that begin
        self.width = width  # units in a step of the last ring

    def note(self, value):
        """It has another value now; none where this is no number of 32 bits, and no place."""
        if uptime() // _UNIT + self.lag != self.newest:
            self.settle()
        at = self.newest % _STEPS * 3
        try:
            if self.place:
                self.lasts = self._add(at, value["lat"], value["lon"], 0)
            else:
                self.lasts = self._add(at, value, value, value)
        except TypeError:
            self.lasts = False

    def told(self, id, name, ring):
        """The answer to message `id` of a page, in pieces: the steps of a ring, oldest first."""
        self.settle()
        width = (_WIDTHS + (self.width,))[ring]
        newest = self.newest // width
        age = uptime(100) - (newest * width - self.lag) * (_UNIT * 10)
        begin = '{"id": %d, "history": {"name": %s, "range": %d, "step": %d, "age": %.1f, "points": ['
        yield begin % (id, json.dumps(name), ring, width * _UNIT, age / 10)
        room = self.room[ring * 180 : ring * 180 + 180]  # which goes on while this is sent
        shape = "[%.7g, %.7g]" if self.place else "[%.7g, %.7g, %.7g]"
        comma = ""
        for number in range(max(0, newest - _STEPS + 1), newest + 1):
            at = number % _STEPS * 3
            step = tuple(room[at : at + shape.count("%")])
            if step[0] == step[0]:
                yield comma + shape % step
                comma = ", "
            elif comma:
                yield ", null"
        yield "]}}"

    def settle(self):
        """Has all rings hold what the first does, and fills them up to now."""
        room, old = self.room, self.newest
        self.newest = new = uptime() // _UNIT + self.lag
        while new // self.width >= _STEPS:
            self._double()
        at = old % _STEPS * 3
        live = room[at : at + 3]
        step = _UNKNOWN
        if self.lasts:
            step = live if self.place else array("f", [live[2]] * 3)
        for ring, width in enumerate(_WIDTHS + (self.width,)):
            number = old // width
            self._add((ring * _STEPS + number % _STEPS) * 3, *live)
            for later in range(max(number, new // width - _STEPS) + 1, new // width + 1):
                at = (ring * _STEPS + later % _STEPS) * 3
                room[at : at + 3] = step

    def _double(self):
        """Two neighbours in the last ring become one."""
        room = self.room
        self.width *= 2
        for to in range(_LAST, _LAST + 90, 3):
            at = 2 * to - _LAST
            second = room[at + 3 : at + 6]
            room[to : to + 3] = room[at : at + 3]
            self._add(to, *second)
        room[_LAST + 90 :] = array("f", b"\xff" * 360)

    def _add(self, at, low, high, last):
        """Has the step there hold a later one, too, and tells whether something is known of that."""
        room, place = self.room, self.place
        known = abs(low) + abs(high) < _HUGE  # nor is NaN
        if known:
            if place or not room[at] <= low:
                room[at] = low
            if place or not room[at + 1] >= high:
                room[at + 1] = high
            room[at + 2] = last
        return known


def keep(dashboard, names):
    """Keeps the past of a dashboard's variables of these names, a set, and of no others."""
    registry = dashboard.registry
    if not registry.history:
        registry.history = history = History(registry, dashboard.folder + "history.bin", names)
        history.task = asyncio.create_task(history.run())
    registry.history.follow(names)


class History(Peer):
    """The pasts of the variables that are followed, by their names, while memory lasts; and their file.

    The file has a record of each: a line of JSON, and the rings. What was read is continued as if no time had
    passed, until the clock is set and tells for how long the board was off.
    """

    _written = None  # Unix time of the file, if known

    def __init__(self, registry, file, names):
        super().__init__(registry)
        self.pasts = {}
        self._names = names
        self._file = file
        for name in file, file + ".new":  # the new one, if power failed before it had the old one's name
            try:
                self._recall(name)
                break
            except OSError:
                pass  # there is none
            except Exception as error:
                log.error("%s is read no further: %r", name, error)
                break
        self._read = list(self.pasts.values())

    def follow(self, names):
        self._names = names
        for name in list(self.pasts):
            if name not in names:
                del self.pasts[name]
        for variable in self._registry.variables.values():
            self.note(variable)

    def note(self, variable):
        if self._read:
            self._skip()
        if variable != STATUS and variable.name in self._names:
            name, place = variable.name, variable.type == "Location"
            past = self.pasts.get(name)
            if not (past and past.place == place) and (place or variable.type in ("bool", "int", "float")):
                past = self._begin(name, place, b"\xff" * _SIZE, -(uptime() // _UNIT))
            if past:
                past.note(variable.value)
                self._news.set()

    def _begin(self, name, *state):
        try:
            if len(self.pasts) < _MOST and has_memory(_SPARE):
                past = self.pasts[name] = Past(*state)
                return past
        except MemoryError:
            pass  # what there is is in pieces
        self._names.discard(name)
        log.warning("%s has no past: there is room for %d", name, len(self.pasts))

    def _recall(self, file):
        """Reads the file, as far as it is whole."""
        with open(file, "rb") as file:
            line = file.readline()
            while line:
                written, name, place, newest, width = json.loads(line)
                room = file.read(_SIZE)
                if crc32(room, crc32(line)) != int(file.readline()):
                    raise ValueError("broken")
                self._written = written
                if name in self._names:
                    self._begin(name, place, room, newest, newest, width)
                line = file.readline()

    def _skip(self):
        """Once the clock is set: what was read lacks the time while the board was off."""
        time = now()
        if time and self._written:
            off = int(time - self._written - uptime())
            for past in self._read:
                past.note(None)
                past.lag += max(0, off) // _UNIT
            self._read = ()
            self.follow(self._names)

    async def run(self):
        """Writes when something changed, ever more seldom."""
        wait = _FIRST_MS
        while True:
            await self._news.wait()
            await sleep_ms(wait)
            wait = min(2 * wait, _SELDOM_MS)
            self._news.clear()
            await self.write()

    async def write(self):
        """Writes the file, in pieces, so that the loop goes on; if it cannot be, says so."""
        new = self._file + ".new"
        try:
            async with self._registry.flash:
                with open(new, "wb") as file:
                    for name, past in list(self.pasts.items()):
                        past.settle()
                        line = json.dumps((now(), name, past.place, past.newest, past.width)) + "\n"
                        line = line.encode()
                        file.write(line)
                        file.write(past.room)
                        file.write(b"%d\n" % crc32(past.room, crc32(line)))
                        await sleep_ms(0)
                os.rename(new, self._file)
        except (OSError, MemoryError) as error:
            remove_file(new)
            log.error("The past is not stored: %s", error)
