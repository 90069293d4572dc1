"""The past of charted variables: rings of steps in which no spike is lost."""

import json

from sideboard import history
from sideboard.history import History
from sideboard.variables import Registry, Variable

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800
LIVE, IN_1_H, IN_1_D, IN_7_D, ALL = range(5)
STEPS = 5, 60, 24 * MINUTE, 168 * MINUTE, 168 * MINUTE


class Clock:
    """Within `with Clock() as clock:`, the board's uptime in seconds is `clock.now`."""

    def __init__(self, now=0):
        self.now = now

    def __enter__(self):
        self._normal = history.uptime
        history.uptime = lambda ms=1000: int(self.now * 1000) // ms
        return self

    def __exit__(self, *error):
        history.uptime = self._normal


def charted(*variables):
    """A history of variables, called "t" where there is one."""
    registry = Registry()
    for variable in variables or [Variable("t", float)]:
        registry.add(variable)
    kept = History(registry)
    kept.follow(set(registry.variables))
    return registry, registry.variables.get("t"), kept


def answer(kept, ring=LIVE, name="t"):
    return json.loads("".join(kept.pasts[name].told(7, name, ring)))["history"]


def points(kept, ring=LIVE, name="t"):
    return answer(kept, ring, name)["points"]


def test_step_tells_the_least_the_greatest_and_the_last_value():
    with Clock() as clock:
        registry, variable, kept = charted()
        for value in 1.5, 9, -2.25, 4:
            registry.write(variable, value)
        clock.now = 3.2
        text = '{"name": "t", "range": 0, "step": 5, "age": 3.2, "points": [[-2.25, 9, 4]]}'
        assert "".join(kept.pasts["t"].told(7, "t", LIVE)) == '{"id": 7, "history": %s}' % text


def test_value_lasts_until_another_comes():
    with Clock() as clock:
        registry, variable, kept = charted()
        registry.write(variable, 1)
        clock.now = 17
        registry.write(variable, 2)
        clock.now = 22
        assert points(kept) == [[1, 1, 1]] * 3 + [[1, 2, 2], [2, 2, 2]]
        assert answer(kept)["age"] == 2


def test_each_range_has_sixty_steps_of_its_length():
    with Clock() as clock:
        registry, variable, kept = charted()
        for clock.now in range(0, WEEK, 12 * MINUTE):
            registry.write(variable, clock.now)
        for ring, step in enumerate(STEPS):
            told = answer(kept, ring)
            newest = clock.now // step * step
            assert told["step"] == step and len(told["points"]) == 60 and told["age"] == clock.now - newest
            assert told["points"][-1][2] == clock.now
            for back, (least, most, last) in enumerate(reversed(told["points"])):
                begin = newest - back * step
                assert least == max(0, (begin - 1) // 720 * 720) and most == last <= begin + step


def test_spike_of_a_week_is_seen_in_every_range():
    for spike in 7.5, -99.25:
        with Clock() as clock:
            registry, variable, kept = charted()
            for clock.now in range(0, WEEK - 200, 20):
                registry.write(variable, 1 + clock.now % 40 / 40)
            clock.now += 1
            registry.write(variable, spike)
            clock.now += 1
            registry.write(variable, 1.25)
            for _ in range(100):
                clock.now += 1
                registry.write(variable, 1 + clock.now % 2 / 4)
            for ring in range(5):
                seen = [point for point in points(kept, ring) if spike in point[:2]]
                assert 1 <= len(seen) <= 2 and seen[0][2] != spike, (ring, seen)
