"""The past of charted variables: for each a ring of fixed size, that grows coarser as time goes by."""

from array import array

from .clock import uptime
from .variables import Peer, is_finite


class History(Peer):
    """Keeps up to 100 points of the past of each variable that is followed.

    When there are so many, every second one goes, and the step, the least time between two, doubles.
    """

    _pasts = {}  # by variable: times in seconds since start, values, how many there are, step in seconds

    def follow(self, names):
        """Follows the variables of these names and no others, from the values they have."""
        known, self._pasts = self._pasts, {}
        for variable in self._registry.variables.values():
            if variable.name in names:
                past = known.get(variable)
                room = bytes(400)
                self._pasts[variable] = past or [array("i", room), array("f", room), 0, 1]
                if not past:
                    self.note(variable)

    def note(self, variable):
        past = self._pasts.get(variable)
        if not past:
            return
        times, values, count, step = past
        time = uptime()
        if count > 1 and time - times[count - 2] < step:
            count -= 1  # the last point makes room for a newer one
        elif count == len(times):
            count //= 2
            step *= 2
            for i in range(count):
                times[i] = times[2 * i + 1]
                values[i] = values[2 * i + 1]
        times[count] = time
        try:
            values[count] = variable.value
        except TypeError:
            return  # no number
        if is_finite(values[count]):  # JSON holds no others
            count += 1
        past[2:] = count, step

    def messages(self):
        """What a new page is told of each variable's past; ages in seconds, the oldest first."""
        now = uptime()
        for variable, (times, values, count, _) in self._pasts.items():
            ages = [now - time for time in times[:count]]
            yield {"name": variable.name, "age": ages, "values": list(values[:count])}
