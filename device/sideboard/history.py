"""The past of charted variables: for each a ring of fixed size, that grows coarser as time goes by."""

from array import array

from .compat import uptime
from .variables import Peer

_POINTS = 100  # of each variable; even


class _Past:
    """Up to _POINTS values and their times. When it is full, every second one goes, and the steps double."""

    def __init__(self):
        self.times = array("i", bytes(4 * _POINTS))  # seconds since start
        self.values = array("f", bytes(4 * _POINTS))
        self.count = 0
        self.step = 1  # seconds that lie between two points

    def add(self, time, value):
        times, values, count = self.times, self.values, self.count
        if count > 1 and time - times[count - 2] < self.step:
            count -= 1  # the last point makes room for a newer one
        elif count == _POINTS:
            count //= 2
            self.step *= 2
            for i in range(count):
                times[i] = times[2 * i + 1]
                values[i] = values[2 * i + 1]
        times[count] = time
        values[count] = value
        value = values[count]
        self.count = count + (value - value == 0)  # JSON holds no NaN and no infinities


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
        if variable and variable.name in self._pasts and isinstance(variable.value, (bool, int, float)):
            self._pasts[variable.name].add(uptime(), variable.value)

    def messages(self):
        """What a new page is told of each variable's past; ages in seconds, the oldest first."""
        now = uptime()
        for name, past in self._pasts.items():
            ages = [now - time for time in past.times[: past.count]]
            yield {"name": name, "age": ages, "values": list(past.values[: past.count])}
