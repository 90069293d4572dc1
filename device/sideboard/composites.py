"""The Arduino Cloud's types of several parts: lights, places, schedules."""

import time

from .compat import EPOCH, is_coroutine, now
from .variables import DASHBOARD, DEVICE, Variable, checked, finite

# Parts, their type, and the range that the page may write; the last for all others.
_RULES = (
    ("swi mut", "bool", 0, 1),
    ("hue", "float", 0, 360),
    ("sat bri", "float", 0, 100),
    ("lat", "float", -90, 90),
    ("lon", "float", -180, 180),
    ("vol", "int", 0, 100),
    ("", "int", 0, 4294967295),
)


class Composite(Variable):
    """A variable of several parts: `light.hue` reads one, `light.hue = 120` writes it."""

    def __init__(self, name, **options):
        given = dict(options.pop("value", None) or {})
        for part in self.parts:
            value = options.pop(part, None)
            if value is not None:
                given[part] = value
        super().__init__(name, **options)
        self.type = type(self).__name__
        self._value = dict.fromkeys(self.parts)
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
        return isinstance(value, dict) and dict(self._value, **value) == self._value

    def take(self, value, source):
        if not isinstance(value, dict):
            raise TypeError("%s takes an object with %s" % (self.name, ", ".join(self.parts)))
        merged = dict(self._value)
        for part, number in value.items():
            if part not in self.parts:
                raise TypeError("%s has no part %s" % (self.name, part))
            for parts, kind, least, most in _RULES:  # noqa: B007
                if part in parts:
                    break
            name = self.name + ":" + part
            merged[part] = number = checked(name, kind, number, source)
            if source == DASHBOARD and not least <= number <= most:
                raise ValueError("%s takes %d to %d" % (name, least, most))
        changed = merged != self._value
        self._value = merged
        return changed


def composite(name, *parts):
    """A type of these parts, in the order in which the cloud has them."""

    def part(name):
        def write(self, value):
            self.value = {name: value}

        return property(lambda self: self._value[name], write)

    fields = {name: part(name) for name in parts}
    fields["parts"] = parts
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

    def __init__(self, name, on_active=None, **options):
        self.on_active = on_active
        self.active = False
        options["on_run"] = self._check
        options.setdefault("on_write", lambda client, value: None)
        super().__init__(name, **options)

    def _check(self, client, args=None):
        was, clock = self.active, now()
        known = self.initialized and clock is not None
        self.active = known and self._covers(int(clock) + client.get("tz_offset", 0))
        if self.active and not was and self.on_active:
            result = self.on_active(client, self.value)
            if is_coroutine(result):
                client.create_task(self.name + ".on_active", result)

    def _covers(self, local):
        """The rule of the official C++ client, CloudSchedule.h."""
        since = local - self.frm
        if since < 0 or self.to and local >= self.to:
            return False
        kind = self.msk >> 26 & 15
        every = 86400
        if kind == 0:  # once
            every = since + 1
        elif kind == 1:
            every = (self.msk & 0x3FFFFFF) * (1, 60, 3600, 86400)[self.msk >> 30 & 3]
        else:
            date = time.gmtime(local - EPOCH)
            day, month = self.msk & 255, self.msk >> 8 & 255
            if kind == 2:  # bit 0 is Sunday; Python's weekdays begin with Monday
                matches = day >> (date[6] + 1) % 7 & 1
            else:
                matches = date[2] == day and (kind == 3 or kind == 4 and date[1] - 1 == month)
            if not matches:
                return False
        return every > 0 and since % every <= self.len
