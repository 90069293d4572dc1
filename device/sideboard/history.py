"""The past of charted variables: for each a ring of fixed size, that grows coarser as time goes by."""

from array import array

from .compat import uptime
from .variables import Peer

_POINTS = 100  # of each variable; even
_CHARTED = ("int", "float", "bool")


class _Past:
    """Up to _POINTS values and their times. When it is full, every second one goes, and the steps double."""

    def __init__(self):
        self._times = array("i", bytes(4 * _POINTS))  # seconds since start
        self._values = array("f", bytes(4 * _POINTS))
        self._count = 0
        self._step = 1  # seconds that lie between two points

    def add(self, time, value):
        last = self._count - 1
        if last > 0 and time - self._times[last - 1] < self._step:
            self._count = last  # the last point makes room for a newer one
        elif self._count == _POINTS:
            self._count //= 2
            self._step *= 2
            for i in range(self._count):
                self._times[i] = self._times[2 * i + 1]
                self._values[i] = self._values[2 * i + 1]
        self._times[self._count] = time
        self._values[self._count] = value
        self._count += 1

    def ages(self, now):
        return [now - self._times[i] for i in range(self._count)]

    def values(self):
        return list(self._values)[: self._count]


class History(Peer):
    """Keeps the past of the variables that are followed."""

    def __init__(self, registry):
        super().__init__(registry)
        self._pasts = {}
        registry.history = self

    def follow(self, names):
        """Follows the variables of these names and no others, from the values they have."""
        known, self._pasts = self._pasts, {name: self._pasts.get(name) or _Past() for name in names}
        for name in names:
            if name not in known and name in self._registry:
                self.tell(self._registry[name])

    def tell(self, variable):
        if variable and variable.name in self._pasts and variable.type in _CHARTED and variable.initialized:
            self._pasts[variable.name].add(uptime(), float(variable.value))

    def messages(self):
        """What a new page is told of each variable's past; ages in seconds, the oldest first."""
        now = uptime()
        for name, past in self._pasts.items():
            yield {"name": name, "age": past.ages(now), "values": past.values()}
