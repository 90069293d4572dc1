"""The past of charted variables: a ring of fixed size."""

from sideboard import history
from sideboard.history import History
from sideboard.variables import Registry, Variable


class Clock:
    """Within `with Clock() as clock:`, the board's uptime in seconds is `clock.now`."""

    def __enter__(self):
        self.now = 0
        self._normal = history.uptime
        history.uptime = lambda: self.now
        return self

    def __exit__(self, *error):
        history.uptime = self._normal


def charted(type=float):
    registry = Registry()
    variable = registry.add(Variable("t", type))
    registry.add(Variable("other", value=1))
    kept = History(registry)
    kept.follow(["t"])
    return registry, variable, kept


def past(kept):
    (message,) = kept.messages()
    assert message["name"] == "t" and len(message["age"]) == len(message["values"])
    return message["age"], message["values"]


def test_of_a_second_the_first_and_the_newest_value_stay():
    with Clock() as clock:
        registry, variable, kept = charted()
        for clock.now, value in ((0, 1.5), (0, 2.5), (0, 3.5), (3, 4.0), (3, 5.0), (3, 6.0)):
            registry.write(variable, value)
        clock.now = 10
        assert past(kept) == ([10, 10, 7, 7], [1.5, 3.5, 4.0, 6.0])


def test_bools_and_integers_are_numbers():
    for type, value in ((bool, True), (int, 7)):
        with Clock():
            registry, variable, kept = charted(type)
            registry.write(variable, value)
            assert past(kept) == ([0], [float(value)])


def test_long_past_takes_no_more_memory_and_reaches_back_to_the_start():
    with Clock() as clock:
        registry, variable, kept = charted()
        for clock.now in range(5000):
            registry.write(variable, float(clock.now))
        ages, values = past(kept)
        assert 50 <= len(ages) <= 100
        assert ages == [4999 - value for value in values]
        assert ages[0] > 4800 and ages[-1] < 128 and ages == sorted(ages, reverse=True)


def test_others_and_what_has_no_value_are_not_kept():
    with Clock():
        registry, variable, kept = charted()
        registry.write(registry.variables["other"], 2)
        assert past(kept) == ([], [])


def test_following_other_variables_keeps_the_past_of_those_that_stay():
    with Clock():
        registry, variable, kept = charted()
        registry.write(variable, 1.5)
        kept.follow(["t", "other"])  # the other one begins with the value it has
        assert [past["values"] for past in kept.messages()] in ([[1.5], [1.0]], [[1.0], [1.5]])
        kept.follow(["other"])
        assert [past["name"] for past in kept.messages()] == ["other"]
