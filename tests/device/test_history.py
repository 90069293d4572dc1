"""The past of charted variables: rings of steps in which no spike is lost, and their file."""

import asyncio
import builtins
import gc
import json
import os
import sys

from flash import Flash, Full
from sideboard import history
from sideboard.compat import ticks_diff, ticks_ms
from sideboard.composites import Color, Location
from sideboard.history import History
from sideboard.variables import Registry, Variable

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800
LIVE, IN_1_H, IN_1_D, IN_7_D, ALL = range(5)
STEPS = 5, 60, 24 * MINUTE, 168 * MINUTE, 168 * MINUTE
FILE, NEW = "history.bin", "history.bin.new"
NOON = 1800000000  # Unix time
SINGLE = hasattr(builtins, "__arithmetic__")  # floats are those of a board, and slow


class Clock:
    """Within `with Clock() as clock:`, the board's uptime in seconds is `clock.now`.

    time: Unix time, None where the clock is not set; said: what was logged.
    """

    def __init__(self, now=0, time=None):
        self.now = now
        self.time = time
        self.said = []

    def __enter__(self):
        self._normal = history.uptime, history.now, history.log
        history.uptime = lambda ms=1000: int(self.now * 1000) // ms
        history.now = lambda: self.time
        history.log = self
        return self

    def __exit__(self, *error):
        history.uptime, history.now, history.log = self._normal

    def warning(self, text, *values):
        self.said.append(text % values)

    error = warning


def charted(*variables):
    """A registry, its variable "t", if there is one, and a history of all its variables."""
    registry = Registry()
    for variable in variables or [Variable("t", float)]:
        registry.add(variable)
    kept = History(registry, FILE, set(registry.variables))
    kept.follow(set(registry.variables))
    return registry, registry.variables.get("t"), kept


def answer(kept, ring=LIVE, name="t"):
    return json.loads("".join(kept.pasts[name].told(7, name, ring)))["history"]


def points(kept, ring=LIVE, name="t"):
    return answer(kept, ring, name)["points"]


def lasts(kept, ring=LIVE):
    return [point and point[-1] for point in points(kept, ring)]


# Steps


def test_step_tells_the_least_the_greatest_and_the_last_value():
    with Clock() as clock:
        registry, variable, kept = charted()
        for value in 1.5, 9, -2.25, 4:
            registry.write(variable, value)
        clock.now = 3.25
        text = '{"name": "t", "range": 0, "step": 5, "age": 3.2, "points": [[-2.25, 9, 4]]}'
        assert "".join(kept.pasts["t"].told(7, "t", LIVE)) == '{"id": 7, "history": %s}' % text


def test_numbers_are_told_shortly():
    with Clock() as clock:
        registry, variable, kept = charted()
        short = ["21.5", "0.125", "1234567", "-30"] + ([] if SINGLE else ["21.3", "0.1", "1e-07", "1e+30"])
        for text in short:
            registry.write(variable, float(text))
            clock.now += 5
        clock.now -= 5
        texts = "".join(kept.pasts["t"].told(7, "t", LIVE)).split("], [")
        assert [text.replace("]]}}", "").split(", ")[-1] for text in texts] == short


def test_bools_are_numbers():
    with Clock():
        registry, variable, kept = charted(Variable("t", value=True))
        registry.write(variable, False)
        assert points(kept) == [[0, 1, 0]]


def test_value_lasts_until_another_comes():
    with Clock() as clock:
        registry, variable, kept = charted()
        registry.write(variable, 1)
        clock.now = 17
        registry.write(variable, 2)
        clock.now = 22
        assert points(kept) == [[1, 1, 1]] * 3 + [[1, 2, 2], [2, 2, 2]]
        assert answer(kept)["age"] == 2


def test_value_that_comes_and_goes_leaves_gaps():
    with Clock() as clock:
        registry, variable, kept = charted()
        for clock.now, value in (0, 1.5), (12, float("nan")), (31, 2.5), (33, float("inf")), (47, 1e39):
            registry.write(variable, value)
        clock.now = 52
        registry.write(variable, 3.5)
        assert lasts(kept) == [1.5, 1.5, 1.5, None, None, None, 2.5, None, None, None, 3.5]
        assert lasts(kept, IN_1_H) == [3.5]


def test_variable_without_a_number_has_no_past():
    with Clock():
        registry, variable, kept = charted(
            Variable("t", float), Variable("a", value="text"), Color("c", hue=1)
        )
        registry.write(registry.variables["c"], {"hue": 1.0, "sat": 2.0, "bri": 3.0})
        assert list(kept.pasts) == ["t"] and points(kept) == []


def test_of_a_location_the_last_of_each_step_is_kept():
    place = Location("t")
    with Clock() as clock:
        registry, variable, kept = charted(place)
        registry.write(place, {"lat": 46.25})
        assert points(kept) == []
        for clock.now, lat, lon in (0, 46.25, 6.5), (3, 10.5, -170.25), (12, -1, 0):
            registry.write(place, {"lat": lat, "lon": lon})
        assert points(kept) == [[10.5, -170.25], [10.5, -170.25], [-1, 0]]
        clock.now = WEEK
        assert points(kept, IN_1_H) == [[-1, 0]] * 60
        assert points(kept, ALL) == [[-1, 0]] * 31


# Ranges


def test_each_range_has_sixty_steps_of_its_length():
    with Clock() as clock:
        registry, variable, kept = charted()
        for clock.now in range(0, WEEK, 12 * MINUTE):
            registry.write(variable, clock.now)
        for ring, step in enumerate(STEPS):
            told = answer(kept, ring)
            newest = clock.now // step * step
            assert told["step"] == step and len(told["points"]) == 60 and told["age"] == clock.now - newest
            for back, (least, most, last) in enumerate(reversed(told["points"])):
                begin = newest - back * step
                end = min(begin + step - 1, clock.now)
                assert (least, most, last) == (max(begin - 1, 0) // 720 * 720, end // 720 * 720, most)


def test_all_that_is_known_gets_steps_that_double():
    step = 168 * MINUTE
    for late in False, True:  # whether it fills at once
        with Clock() as clock:
            registry, variable, kept = charted()
            for number in range(0 if late else 1000):
                clock.now = number * step
                registry.write(variable, number)
                told = answer(kept, ALL)
                long = told["step"] // step
                count = number // long + 1
                assert long == 1 if number < 60 else 30 < count <= 60
                assert len(told["points"]) == count
            if late:
                registry.write(variable, 0)
                clock.now = 999 * step
                registry.write(variable, 999)
                told = answer(kept, ALL)
            assert told["step"] == 32 * step and told["age"] == 7 * step and len(told["points"]) == 32
            before = [0] * 31 if late else range(31, 999, 32)
            assert [last for _, _, last in told["points"]] == list(before) + [999]
            assert told["points"][1] == ([0, 0, 0] if late else [31, 63, 63])


def test_spike_in_a_week_of_one_second_readings_is_seen_in_every_range():
    every = 120 if sys.platform == "webassembly" or SINGLE else 1
    with Clock() as clock:
        registry, variable, kept = charted()
        for clock.now in range(0, WEEK, every):
            variable._value = -99.25 if clock.now == WEEK - 240 else clock.now % 7 / 8
            kept.note(variable)
        for ring in range(5):
            told = points(kept, ring)
            seen = [point[0] for point in told].count(-99.25)
            assert len(told) == 60 and 1 <= seen <= max(2, every // STEPS[ring] + 1), (ring, seen)
            assert max(point[1] for point in told) == 0.75


# Which variables


def test_following_other_variables_keeps_the_past_of_those_that_stay():
    with Clock() as clock:
        registry, variable, kept = charted(Variable("t", value=1.5), Variable("other", value=2))
        clock.now = 5
        kept.follow({"t"})
        assert list(kept.pasts) == ["t"]
        kept.follow({"t", "other"})
        assert points(kept) == [[1.5, 1.5, 1.5]] * 2 and points(kept, name="other") == [[2, 2, 2]]


def test_variable_that_comes_later_has_a_past_from_then_on():
    with Clock() as clock:
        registry, _, kept = charted()
        kept.follow({"late"})
        clock.now = 100
        registry.add(Variable("late", value=3))
        assert points(kept, name="late") == [[3, 3, 3]]


def test_no_more_than_twenty_have_a_past_and_the_log_names_the_others():
    variables = [Variable("v%d" % number, value=number) for number in range(21)]
    with Clock() as clock:
        registry, _, kept = charted(*variables)
        (late,) = set(registry.variables) - set(kept.pasts)
        assert len(kept.pasts) == 20 and clock.said == [late + " has no past: there is room for 20"]
        registry.write(registry.variables[late], 5)
        assert len(clock.said) == 1


def test_where_memory_is_short_a_variable_has_no_past_and_all_goes_on():
    def no_array(kind, values):
        raise MemoryError

    for name, short in ("has_memory", lambda size: False), ("array", no_array):
        normal = getattr(history, name)
        with Clock() as clock:
            setattr(history, name, short)
            try:
                registry, variable, kept = charted()
                registry.write(variable, 1.5)
            finally:
                setattr(history, name, normal)
            assert clock.said == ["t has no past: there is room for 0"] and not kept.pasts


def test_memory_of_a_past_and_the_garbage_of_a_change():
    if not hasattr(gc, "mem_alloc") or sys.platform == "webassembly":
        return  # memory is not that of boards, or not cleared up while this runs
    variables = [Variable("v%d" % number, value=number / 2) for number in range(20)]
    with Clock():
        registry, _, kept = charted(Variable("t", value=1))
        for variable in variables:
            registry.add(variable)
        names = set(registry.variables)
        gc.collect()
        before = gc.mem_alloc()
        kept.follow(names)
        gc.collect()
        assert len(kept.pasts) == 20
        each = (gc.mem_alloc() - before) / 19
        assert 3600 < each <= 3800, each
        gc.disable()
        before = gc.mem_alloc()
        for _ in range(100):
            kept.note(variables[0])
        garbage = (gc.mem_alloc() - before) / 100
        gc.enable()
        assert garbage <= 160, garbage


# What outlives a restart


def restarted(kept, clock, after=0, time=None):
    """Writes the past, and lets another run of the board begin, at this time of its clock."""
    asyncio.run(kept.write())
    clock.now, clock.time = after, time
    return charted()


def test_restart_keeps_the_past_and_a_gap_where_the_board_was_off():
    with Flash() as flash, Clock(time=NOON) as clock:
        registry, variable, kept = charted()
        for clock.now, value in (0, 1), (7, -30), (8, 2), (599, 3):
            registry.write(variable, value)
        clock.time += 599
        registry, variable, kept = restarted(kept, clock, 2, NOON + 599 + 192)
        assert flash.files() == [FILE]
        registry.write(variable, 4)
        assert lasts(kept) == [2] * 21 + [3] + [None] * 37 + [4]
        hour = points(kept, IN_1_H)
        assert hour[0] == [-30, 2, 2] and hour[9:] == [[2, 3, 3], None, None, None, [4, 4, 4]]
        assert points(kept, ALL) == [[-30, 4, 4]]


def test_until_the_clock_is_set_the_past_goes_on_as_if_no_time_had_passed():
    with Flash(), Clock(time=NOON) as clock:
        registry, variable, kept = charted()
        registry.write(variable, 1)
        registry, variable, kept = restarted(kept, clock)
        registry.write(variable, 2)
        clock.now = 5
        registry.write(variable, 3)
        assert points(kept) == [[1, 2, 2], [2, 3, 3]]
        clock.time = NOON + 20
        assert points(kept) == [[1, 2, 2], [2, 3, 3]]
        registry.write(variable, 4)
        assert points(kept) == [[1, 2, 2], [2, 3, 3], None, None, [4, 4, 4]]
        clock.now, clock.time = 10, NOON + 25
        registry.write(variable, 5)
        assert points(kept)[3:] == [None, [4, 4, 4], [4, 5, 5]]


def test_without_a_clock_no_gap_is_known():
    for written, read in (None, NOON), (None, None), (NOON, NOON - DAY):
        with Flash(), Clock(time=written) as clock:
            registry, variable, kept = charted()
            registry.write(variable, 1)
            registry, variable, kept = restarted(kept, clock, 6, read)
            registry.write(variable, 2)
            assert points(kept) == [[1, 1, 1], [2, 2, 2]]


def test_steps_that_doubled_are_kept_and_so_is_a_location():
    with Flash(), Clock(time=NOON) as clock:
        registry, place, kept = charted(Location("t", lat=1.5, lon=2))
        clock.now = 3 * WEEK
        registry.write(place, {"lat": 3})
        clock.time += 3 * WEEK
        asyncio.run(kept.write())
        clock.now, clock.time = 0, clock.time + WEEK
        registry, place, kept = charted(Location("t", lat=7, lon=8))
        told = answer(kept, ALL)
        assert told["step"] == 8 * 168 * MINUTE and told["points"][-1] == [7, 8]
        assert told["points"][:23] == [[1.5, 2]] * 22 + [[3, 2]] and told["points"].count(None) == 7


def test_what_became_another_type_begins_anew():
    with Flash(), Clock():
        registry, variable, kept = charted()
        registry.write(variable, 1)
        asyncio.run(kept.write())
        for one, told in (Location("t", lat=7, lon=8), [[7, 8]]), (Variable("t", value="text"), [[1, 1, 1]]):
            registry, variable, kept = charted(one)
            assert points(kept) == told


def test_broken_file_is_said_to_be_so_and_changes_nothing():
    with Flash() as flash, Clock() as clock:
        registry, variable, kept = charted()
        registry.write(variable, 1)
        asyncio.run(kept.write())
        with open(FILE, "rb") as file:
            whole = file.read()
        half, end = len(whole) // 2, len(whole) - 30
        for data in (
            whole[:half],
            whole[:end] + b"??" + whole[end + 2 :],
            whole.replace(b"2016", b"0000"),
            whole.replace(b"false", b"null "),
            whole + b"more",
            b"[]\n",
            b"\xff\xd8\xff\xe0 a picture",
            b"[" * 5000,
        ):
            with open(FILE, "wb") as file:
                file.write(data)
            clock.said = []
            registry, variable, kept = charted()
            (said,) = clock.said
            assert said.startswith("history.bin is read no further")
            registry.write(variable, 2)
            assert points(kept)[-1][2] == 2
        asyncio.run(kept.write())
        assert flash.files() == [FILE]


def test_power_cut_while_it_is_written_leaves_the_one_before():
    with Flash() as flash, Clock() as clock:
        registry, variable, kept = charted(Variable("t", value=1), Variable("u", value=2))
        asyncio.run(kept.write())
        with open(FILE, "rb") as file:
            whole = file.read()
        for cut in range(0, len(whole), 500):
            with open(NEW, "wb") as file:
                file.write(whole[:cut])
            clock.now = 0
            registry, variable, kept = charted(Variable("t", value=3), Variable("u", value=4))
            assert points(kept) == [[1, 3, 3]] and points(kept, name="u") == [[2, 4, 4]] and not clock.said
        os.rename(FILE, NEW)  # FAT removes the old one before the new one gets its name
        registry, variable, kept = charted()
        assert points(kept) == [[1, 1, 1]] and not clock.said
        asyncio.run(kept.write())
        assert flash.files() == [FILE]


def test_flash_that_is_full_is_said_to_be_so_and_the_file_stays():
    def full(name, mode="r"):
        return Full(open(name, mode)) if mode == "wb" else open(name, mode)

    with Flash() as flash, Clock() as clock:
        registry, variable, kept = charted()
        registry.write(variable, 1)
        asyncio.run(kept.write())
        registry.write(variable, 2)
        history.open = full
        try:
            asyncio.run(kept.write())
        finally:
            del history.open
        assert "The past is not stored" in clock.said[0] and flash.files() == [FILE]
        assert not registry.flash.locked()
        registry, variable, kept = charted()
        assert points(kept) == [[1, 1, 1]]


class Quick:
    """Within it what changed is written after 20 ms, then after twice as many, then after 50 and no more."""

    def __enter__(self):
        self._normal = history._FIRST_MS, history._SELDOM_MS
        history._FIRST_MS, history._SELDOM_MS = 20, 50

    def __exit__(self, *error):
        history._FIRST_MS, history._SELDOM_MS = self._normal


async def test_it_is_written_when_something_changed_and_ever_more_seldom():
    with Flash() as flash, Clock(), Quick():
        registry, variable, kept = charted()
        written = kept.write
        times = []

        async def write():
            times.append(ticks_ms())
            await written()

        kept.write = write
        kept._news.clear()
        task = asyncio.create_task(kept.run())
        begin = ticks_ms()
        await asyncio.sleep(0.1)
        assert not times and not flash.files()
        begin = ticks_ms()
        while len(times) < 4:
            registry.write(variable, ticks_ms())
            await asyncio.sleep(0.001)
        task.cancel()
        for before, time, least in zip([begin] + times, times, (20, 40, 50, 50)):
            assert ticks_diff(time, before) >= least - 1
        assert flash.files()[0] == FILE


async def test_writing_twenty_pasts_stops_the_loop_for_no_more_than_a_moment():
    variables = [Variable("v%d" % number, value=number) for number in range(20)]
    with Flash(), Clock() as clock:
        registry, _, kept = charted(*variables)
        clock.now = WEEK  # all rings are to be filled
        writing = asyncio.create_task(kept.write())
        pieces, longest, begin = 0, 0, ticks_ms()
        last = begin
        while not writing.done():
            await asyncio.sleep(0)
            now = ticks_ms()
            longest = max(longest, ticks_diff(now, last))
            pieces, last = pieces + 1, now
        # On a machine that is not busy it is less than 5.
        assert pieces >= 20 and longest < max(500, ticks_diff(last, begin) // 4), longest
        assert os.stat(FILE)[6] < 80000
