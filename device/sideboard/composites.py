"""The Arduino Cloud's types of several parts: lights, places, schedules."""

import time

from .clock import EPOCH, now
from .compat import is_coroutine
from .variables import Variable, checked

# Each part's type, and the range of what the page may write.
_PARTS = {
    "swi": ("bool", False, True),
    "mut": ("bool", False, True),
    "hue": ("float", 0, 360),
    "sat": ("float", 0, 100),
    "bri": ("float", 0, 100),
    "lat": ("float", -90, 90),
    "lon": ("float", -180, 180),
    "vol": ("int", 0, 100),
}
_OTHER_PARTS = ("int", 0, 0xFFFFFFFF)


class Composite(Variable):
    """A variable of several parts: `light.hue` reads one, `light.hue = 120` writes it."""

    initialized = False  # until each part has a value

    def __init__(self, name, value=None, **options):
        value = dict(value or ())
        for part in self.parts:
            number = options.pop(part, None)
            if number is not None:
                value[part] = number
        super().__init__(name, value=value, **options)

    def __contains__(self, part):
        return part in self.parts

    def records(self, value=None):
        value = value or self._value
        return [(self.name + ":" + part, value[part]) for part in self.parts]

    def fit(self, value, source):
        if not isinstance(value, dict) or not set(value) <= set(self.parts):
            raise TypeError("%s takes parts of %s, not %r" % (self.name, self.parts, value))
        merged = dict(self._value)
        for part in value:
            kind, least, most = _PARTS.get(part, _OTHER_PARTS)
            merged[part] = checked(self.name + ":" + part, kind, value[part], source, least, most)
        return merged

    def take(self, value, source):
        merged = self.fit(value, source)
        self.initialized = None not in merged.values()
        changed = merged != self._value
        self._value = merged
        return changed


def composite(name, *parts):
    """A type of these parts, in the order in which the cloud has them."""
    nothing = {}
    fields = {"kind": name, "parts": parts, "_value": nothing}
    for part in parts:
        nothing[part] = None

        def read(self, part=part):
            return self._value[part]

        def write(self, value, part=part):
            self.value = {part: value}

        fields[part] = property(read, write)
    return type(name, (Composite,), fields)


ColoredLight = composite("ColoredLight", "swi", "hue", "sat", "bri")
DimmedLight = composite("DimmedLight", "swi", "bri")
Color = composite("Color", "hue", "sat", "bri")
Location = composite("Location", "lat", "lon")


def timestamp():
    """Unix time in whole seconds, also where the port counts from 2000."""
    return int(time.time()) + EPOCH


class Schedule(composite("Schedule", "frm", "to", "len", "msk")):
    """From `frm` to `to` (local Unix time; to = 0: no end), `len` seconds as often as the mask `msk` names.

    on_active(client, value) runs when it becomes active; `active` tells whether it is.
    The cloud and the page may always change it: that is where schedules are made.
    """

    active = False

    def __init__(self, name, on_active=None, **options):
        self.on_active = on_active
        options.setdefault("on_write", self.on_run)
        super().__init__(name, **options)

    def on_run(self, client, args):
        was, clock = self.active, now()
        self.active = (
            self.initialized
            and clock is not None
            and self._covers(int(clock) + client.get("tz_offset", 0), self.msk)
        )
        if self.active and not was and self.on_active:
            result = self.on_active(client, self.value)
            if is_coroutine(result):
                client.create_task(self.name + ".on_active", result)

    def _covers(self, local, mask):
        """The rule of the official C++ client, CloudSchedule.h."""
        since = local - self.frm
        if since < 0 or self.to and local >= self.to:
            return False
        kind = mask >> 26 & 15
        if kind == 0:  # once
            return since <= self.len
        every = 86400
        if kind == 1:
            every = (mask & 0x3FFFFFF) * (1, 60, 3600, 86400)[mask >> 30 & 3]
        elif kind == 2:  # bit 0 is Sunday; 1970 began with a Thursday
            every *= mask >> (local // every + 4) % 7 & 1
        else:
            date = time.gmtime(local - EPOCH)
            if date[2] != mask & 255 or kind != 3 and (kind != 4 or date[1] - 1 != mask >> 8 & 255):
                return False
        return every > 0 and since % every <= self.len
