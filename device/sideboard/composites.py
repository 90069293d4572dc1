"""The Arduino Cloud's types of several parts: lights, places, schedules."""

import time

from .compat import EPOCH, is_coroutine, now
from .variables import DASHBOARD, DEVICE, Variable, checked, finite

# Type of each part, and the range that the page may write; the others are unsigned 32-bit integers.
_PARTS = {
    "swi": ("bool",),
    "mut": ("bool",),
    "hue": ("float", 0, 360),
    "sat": ("float", 0, 100),
    "bri": ("float", 0, 100),
    "lat": ("float", -90, 90),
    "lon": ("float", -180, 180),
    "vol": ("int", 0, 100),
}
_INTEGER = ("int", 0, 4294967295)


def part(name):
    def write(self, value):
        self.value = {name: value}

    return property(lambda self: self._value[name], write)


class Composite(Variable):
    """A variable of several parts: `light.hue` reads one, `light.hue = 120` writes it."""

    parts = ()

    def __init__(self, name, **options):
        given = dict(options.pop("value", None) or {})
        for part in self.parts:
            value = options.pop(part, None)
            if value is not None:
                given[part] = value
        super().__init__(name, **options)
        self.type = type(self).__name__
        self._value = {part: None for part in self.parts}
        if given:
            self.take(given, DEVICE)

    def __contains__(self, part):
        return part in self.parts

    @property
    def initialized(self):
        return None not in self._value.values()

    def item(self):
        return self

    def json(self):
        return {part: finite(value) for part, value in self._value.items()}

    def records(self):
        return [(self.name + ":" + part, self._value[part]) for part in self.parts]

    def holds(self, value):
        return isinstance(value, dict) and all(self._value.get(part) == value[part] for part in value)

    def take(self, value, source):
        if not isinstance(value, dict):
            raise TypeError("%s takes an object with %s" % (self.name, ", ".join(self.parts)))
        merged = dict(self._value)
        for part, number in value.items():
            if part not in self.parts:
                raise TypeError("%s has no part %s" % (self.name, part))
            rule = _PARTS.get(part, _INTEGER)
            merged[part] = number = checked(self.name + ":" + part, rule[0], number, source)
            if source == DASHBOARD and len(rule) > 1 and not rule[1] <= number <= rule[2]:
                raise ValueError("%s:%s takes %d to %d" % (self.name, part, rule[1], rule[2]))
        changed = merged != self._value
        self._value = merged
        return changed


_swi, _hue, _sat, _bri = part("swi"), part("hue"), part("sat"), part("bri")


class ColoredLight(Composite):
    parts = ("swi", "hue", "sat", "bri")
    swi, hue, sat, bri = _swi, _hue, _sat, _bri


class DimmedLight(Composite):
    parts = ("swi", "bri")
    swi, bri = _swi, _bri


class Color(Composite):
    parts = ("hue", "sat", "bri")
    hue, sat, bri = _hue, _sat, _bri


class Location(Composite):
    parts = ("lat", "lon")
    lat, lon = part("lat"), part("lon")


def timestamp():
    """Unix time in whole seconds, also where the port counts from 2000."""
    return int(time.time()) + EPOCH


def _accept(client, value):
    pass


class Schedule(Composite):
    """From `frm` to `to` (local Unix time; to = 0: no end), `len` seconds as often as the mask `msk` names.

    on_active(client, value) runs when it becomes active; `active` tells whether it is.
    The cloud and the page may always change it: that is where schedules are made.
    """

    parts = ("frm", "to", "len", "msk")
    frm, to, len, msk = part("frm"), part("to"), part("len"), part("msk")

    def __init__(self, name, on_active=None, **options):
        self.on_active = on_active
        self.active = False
        options["on_run"] = self._check
        options.setdefault("on_write", _accept)
        super().__init__(name, **options)

    def _check(self, client, args=None):
        was, clock = self.active, now()
        ready = self.initialized and clock is not None
        self.active = ready and self._is_active(int(clock) + client.get("tz_offset", 0))
        if self.active and not was and self.on_active:
            result = self.on_active(client, self.value)
            if is_coroutine(result):
                client.create_task(self.name + ".on_active", result)

    def _is_active(self, local):
        """The rule of the official C++ client, CloudSchedule.h."""
        if local < self.frm or self.to and local >= self.to:
            return False
        kind = self.msk >> 26 & 15
        if kind == 0:
            return local - self.frm <= self.len
        if kind == 1:
            every = (self.msk & 0x3FFFFFF) * (1, 60, 3600, 86400)[self.msk >> 30 & 3]
            return every > 0 and (local - self.frm) % every <= self.len
        _, month, day, _, _, _, weekday, _ = time.gmtime(local - EPOCH)[:8]
        if kind == 2:  # bit 0 is Sunday; Python's weekdays begin with Monday
            matches = self.msk >> (weekday + 1) % 7 & 1
        else:
            matches = day == self.msk & 255 and (kind == 3 or kind == 4 and month - 1 == self.msk >> 8 & 255)
        return bool(matches) and (local - self.frm) % 86400 <= self.len
