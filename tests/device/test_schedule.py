"""Schedule: when it is active, by the rule of the official C++ client."""

import asyncio

from observed import error_of
from sideboard import composites
from sideboard.composites import Schedule
from sideboard.variables import CLOUD, DASHBOARD, Registry

MINUTE, HOUR, DAY = 60, 3600, 86400
JANUARY_1 = 1767225600  # 2026, a Thursday
FEBRUARY_28 = 1772236800  # a Saturday
MARCH_1 = FEBRUARY_28 + DAY
FEBRUARY_29 = 1709164800  # 2024

ONE_SHOT = 0
FIXED, WEEKLY, MONTHLY, YEARLY = (kind << 26 for kind in range(1, 5))
SECONDS, MINUTES, HOURS, DAYS = (FIXED | unit << 30 for unit in range(4))
SUNDAY, THURSDAY, SATURDAY = 1, 1 << 4, 1 << 6


class Client:
    """Stands for the client: the time zone, and the tasks it was asked to run."""

    def __init__(self, **zone):
        self.get = zone.get
        self.tasks = {}

    def create_task(self, name, coro):
        self.tasks[name] = coro


def run(schedule, moments, client=None):
    """Whether the schedule is active at each of the moments, one after the other."""
    normal = composites.now
    states = []
    try:
        for moment in moments:
            composites.now = lambda moment=moment: moment
            schedule.on_run(client or Client(), None)
            states.append(schedule.active)
    finally:
        composites.now = normal
    return states


def active(msk, moments, frm=JANUARY_1, to=0, len=10):
    return run(Schedule("watering", frm=frm, to=to, len=len, msk=msk), moments)


def starts(msk, moments, **options):
    """Whether it is active from each of the moments on, for 10 seconds, and neither before nor after."""
    around = [(moment - 1, moment, moment + 10, moment + 11) for moment in moments]
    return [active(msk, four, **options) for four in around] == [[False, True, True, False]] * len(moments)


def test_one_shot():
    assert starts(ONE_SHOT, [JANUARY_1])
    assert active(ONE_SHOT, [JANUARY_1 + DAY, JANUARY_1 + 365 * DAY]) == [False, False]


def test_every_so_many_seconds_minutes_hours_days():
    for unit, seconds in ((SECONDS, 1), (MINUTES, MINUTE), (HOURS, HOUR), (DAYS, DAY)):
        every = 90 * seconds
        assert starts(unit | 90, [JANUARY_1 + every, JANUARY_1 + 7 * every])
        assert active(unit | 90, [JANUARY_1 - 1, JANUARY_1 + every // 2]) == [False, False]


def test_delta_has_26_bits():
    assert starts(SECONDS | 0x3FFFFFF, [JANUARY_1 + 0x3FFFFFF])


def test_delta_of_nothing_is_never_active():
    assert active(MINUTES, [JANUARY_1, JANUARY_1 + MINUTE]) == [False, False]


def test_weekly_on_the_days_of_the_mask():
    eight = JANUARY_1 + 8 * HOUR
    assert starts(WEEKLY | THURSDAY | SATURDAY, [eight + 2 * DAY, eight + 7 * DAY], frm=eight)
    days = active(WEEKLY | THURSDAY | SATURDAY, [eight + day * DAY for day in range(8)], frm=eight)
    assert days == [True, False, True, False, False, False, False, True]


def test_week_begins_with_sunday():
    days = [active(WEEKLY | 1 << bit, [MARCH_1 + bit * DAY])[0] for bit in range(7)]
    assert days == [True] * 7
    assert active(WEEKLY | SUNDAY, [MARCH_1 - DAY, MARCH_1 + DAY]) == [False, False]


def test_monthly_on_the_day_of_the_mask():
    assert starts(MONTHLY | 28, [FEBRUARY_28, FEBRUARY_28 + 28 * DAY])
    assert active(MONTHLY | 28, [MARCH_1, FEBRUARY_28 + 29 * DAY]) == [False, False]
    assert active(MONTHLY | 31, [MARCH_1 - DAY, JANUARY_1 + 30 * DAY]) == [False, True]


def test_yearly_on_the_day_and_the_month_of_the_mask():
    march = 2 << 8  # January is 0
    assert starts(YEARLY | march | 1, [MARCH_1, MARCH_1 + 365 * DAY])
    assert active(YEARLY | march | 1, [JANUARY_1, MARCH_1 + DAY, MARCH_1 + 31 * DAY]) == [False, False, False]


def test_yearly_on_the_leap_day():
    february = 1 << 8
    assert active(YEARLY | february | 29, [FEBRUARY_29, FEBRUARY_28, MARCH_1], frm=0) == [True, False, False]


def test_unknown_kind_of_repetition_is_never_active():
    for kind in range(5, 16):
        assert active(kind << 26 | 1, [JANUARY_1]) == [False]


def test_end():
    two_hours_later = JANUARY_1 + 2 * HOUR
    moments = [two_hours_later - HOUR, two_hours_later - 1, two_hours_later, two_hours_later + HOUR]
    assert active(HOURS | 1, moments, to=two_hours_later, len=HOUR - 1) == [True, True, False, False]
    assert active(HOURS | 1, moments, to=0, len=HOUR - 1) == [True] * 4


def test_times_are_those_of_the_time_zone():
    schedule = Schedule("watering", frm=JANUARY_1, to=0, len=10, msk=ONE_SHOT)
    assert run(schedule, [JANUARY_1, JANUARY_1 - HOUR], Client(tz_offset=HOUR)) == [False, True]
    assert run(schedule, [JANUARY_1, JANUARY_1 + HOUR], Client(tz_offset=-HOUR)) == [False, True]


def test_never_active_while_the_clock_is_not_set_or_a_part_is_missing():
    assert active(SECONDS | 1, [JANUARY_1, None]) == [True, False]
    assert run(Schedule("watering", frm=0, to=0, len=10), [JANUARY_1]) == [False]


def test_on_active_runs_once_for_each_activation():
    calls = []
    schedule = Schedule("watering", frm=JANUARY_1, to=0, len=10, msk=MINUTES | 1)
    schedule.on_active = lambda client, value: calls.append((client, value["len"]))
    client = Client()
    run(schedule, [JANUARY_1 + second for second in range(MINUTE)], client)
    assert calls == [(client, 10)]
    run(schedule, [JANUARY_1 + second for second in range(MINUTE, 3 * MINUTE)], client)
    assert calls == [(client, 10)] * 3


def test_on_active_that_raises_runs_once_too():
    calls = []

    def on_active(client, value):
        calls.append(value)
        raise RuntimeError("the tap is stuck")

    schedule = Schedule("watering", frm=JANUARY_1, to=0, len=10, msk=ONE_SHOT, on_active=on_active)
    assert error_of(RuntimeError, run, schedule, [JANUARY_1]) == "the tap is stuck"
    assert run(schedule, [JANUARY_1 + 1]) == [True] and len(calls) == 1


async def test_on_active_may_be_a_coroutine_of_any_length():
    seen = []

    async def on_active(client, value):
        await asyncio.sleep(0)
        seen.append(value["frm"])

    client = Client()
    schedule = Schedule("watering", frm=JANUARY_1, to=0, len=10, msk=ONE_SHOT, on_active=on_active)
    assert run(schedule, [JANUARY_1, JANUARY_1 + 11], client) == [True, False]
    await client.tasks["watering.on_active"]
    assert seen == [JANUARY_1]


def test_cloud_and_page_change_it_without_an_on_write():
    schedule = Registry(Client()).add(Schedule("watering", frm=JANUARY_1, to=0, len=10, msk=ONE_SHOT))
    schedule.registry.write(schedule, {"msk": DAYS | 1}, CLOUD)
    schedule.registry.write(schedule, {"len": HOUR}, DASHBOARD)
    assert schedule.json() == {"frm": JANUARY_1, "to": 0, "len": HOUR, "msk": DAYS | 1}


def test_changed_plan_counts_at_once():
    schedule = Registry(Client()).add(Schedule("watering", frm=0, to=1, len=1, msk=ONE_SHOT))
    now = composites.timestamp()
    schedule.registry.write(schedule, {"frm": now - 60, "to": 0, "len": 3600}, DASHBOARD)
    assert schedule.active
    schedule.registry.write(schedule, {"to": now - 30}, DASHBOARD)
    assert not schedule.active


def test_page_writes_unsigned_numbers_of_32_bits():
    schedule = Registry(Client()).add(Schedule("watering", frm=0, to=0, len=0, msk=0))
    schedule.registry.write(schedule, {"to": 0xFFFFFFFF}, DASHBOARD)
    for value in (-1, 1 << 32):
        error_of(ValueError, schedule.registry.write, schedule, {"to": value}, DASHBOARD)
    assert schedule.to == 0xFFFFFFFF


def test_on_write_of_ones_own():
    calls = []
    schedule = Schedule("watering", on_write=lambda client, value: calls.append(value.len))
    Registry().add(schedule).registry.write(schedule, {"len": 5}, CLOUD)
    assert calls == [5]
