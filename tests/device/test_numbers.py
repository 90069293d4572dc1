"""Numbers on their way between cloud, board, page and flash: one rounding to the board's floats, and no more.

Boards have floats of 32 bits (24 of them digits), the GIGA's family of 30 (22); computers have 64.
"""

import json

from flash import Flash, Run, keep, on_write, writable
from observed import told
from sideboard import clock, history
from sideboard.color import hsb_to_rgb
from sideboard.composites import ColoredLight
from sideboard.history import History
from sideboard.senml import decode, encode
from sideboard.variables import CLOUD, DASHBOARD, DEVICE, Peer, Registry, Variable
from test_color import duties

SINGLE = float("16777217") == 16777216
PRECISION = 2.0**-21 if SINGLE else 0  # of a float, relative: half of it was cut off at worst

# As the cloud sends them.
DOUBLES = (
    ("fb40767fd70a3d70a4", 359.99),
    ("fb3fb999999999999a", 0.1),
    ("fb4040a66666666666", 33.3),
    ("fb4035800000000000", 21.5),
    ("fbc040ee138fffbce4", -33.859972),
    ("fb3e7ad7f29abcaf48", 1e-7),
    ("fb41d954fc40000000", 1700000000.0),
    ("f95640", 100.0),
    ("fa42055000", 33.328125),
)
INTEGERS = (2**24 + 1, 2**30 - 1, 2**30, -(2**30) - 1, 2**31, 2**32 - 1, 2**53 + 1, 2**63 - 1, -(2**63))


def came(item):
    """The value of a record as the board has it, `item` being the value in CBOR."""
    return decode(b"\x81\xa2\x00\x61v\x02" + bytes.fromhex(item))[0][1]


def board(variable):
    return Registry().add(variable)


def write(variable, value, source):
    variable.registry.write(variable, value, source)


def echoed(variable):
    """The value that the board sends to the cloud, as the cloud would send it back."""
    return decode(encode(variable.records()))[0][1]


def shown(variable):
    """What a page is sent."""
    return json.dumps(variable.json())


def test_float_from_the_cloud_goes_back_as_it_came():
    for item, number in DOUBLES:
        variable = board(writable("v", float))
        write(variable, came(item), CLOUD)
        assert abs(variable.value - number) <= abs(number) * PRECISION, number
        for _ in range(3):
            assert echoed(variable) == variable.value == came(item), number
            write(variable, echoed(variable), CLOUD)


def test_value_that_on_write_sets_once_more_does_not_go_back():
    variable = board(Variable("v", float, on_write=lambda client, value: write(variable, value, DEVICE)))
    cloud = Peer(variable.registry)
    for item, number in DOUBLES:
        variable.registry.write(variable, came(item), CLOUD, cloud)
        assert told(cloud) == set(), number


def test_float_that_a_page_writes_back_stays():
    for item, number in DOUBLES:
        variable = board(writable("v", float))
        write(variable, came(item), CLOUD)
        write(variable, json.loads(shown(variable)), DASHBOARD)  # its text may round it
        text, value = shown(variable), variable.value
        assert abs(value - number) <= abs(number) * 5e-6, number
        for _ in range(3):
            write(variable, json.loads(text), DASHBOARD)
            assert (shown(variable), variable.value) == (text, value), number


def test_float_is_shown_on_the_page_as_it_was_typed_there():
    for text in ("0.1", "0.7", "359.99", "33.3", "-0.05", "100.1", "12.345", "6543.2", "-273.15"):
        variable = board(writable("v", float))
        write(variable, json.loads(text), DASHBOARD)
        assert shown(variable) == text
        write(variable, echoed(variable), CLOUD)
        assert shown(variable) == text


def test_part_that_nobody_wrote_stays():
    light = board(ColoredLight("light", on_write=on_write, swi=True, sat=0.1, bri=33.3))
    write(light, {"hue": came("fb40767fd70a3d70a4")}, CLOUD)
    before = light.hue, light.sat
    for bri in range(100):
        write(light, {"bri": bri + 0.3}, DASHBOARD)
        write(light, {part: value for part, value in light.json().items() if part != "bri"}, CLOUD)
    assert (light.hue, light.sat) == before
    write(light, json.loads(json.dumps(light.json())), DASHBOARD)
    assert shown(light) == json.dumps({"swi": True, "hue": 359.99, "sat": 0.1, "bri": 99.3})


def test_hue_just_below_the_full_circle_is_red():
    for text in ("359.99", "359.9999", "360.0"):
        red, green, blue = hsb_to_rgb(json.loads(text), 100.0, 100.0)
        assert red == 1 and -1e-6 < green < 1e-6 and -1e-6 < blue < 2e-4, text


def test_fine_steps_of_hue_are_fine_steps_of_colour():
    before = 65535, 0, 0
    for step in range(3601):
        now = duties(*hsb_to_rgb(step / 10, 100, 100))
        assert all(0 <= duty <= 65535 and abs(duty - last) <= 120 for duty, last in zip(now, before)), step
        before = now


def test_integers_of_any_size_stay_exact():
    variable = board(writable("v", int))
    for number in INTEGERS:
        write(variable, number, DASHBOARD)
        write(variable, echoed(variable), CLOUD)
        write(variable, json.loads(shown(variable)), DASHBOARD)
        assert variable.value == number and type(variable.value) is int


def test_integer_for_a_float_is_rounded_once():
    variable = board(writable("v", float))
    for number in INTEGERS:
        write(variable, number, CLOUD)
        value = variable.value
        assert type(value) is float and abs(value - number) <= abs(number) * (PRECISION or 2.0**-52)
        write(variable, echoed(variable), CLOUD)
        assert variable.value == value


def test_what_no_float_of_the_board_holds_is_refused_from_the_page():
    variable = board(writable("v", float, 1.5))
    for text in ("1e39", "-1e39") if SINGLE else ("1e309", "-1e309"):
        try:
            write(variable, json.loads(text), DASHBOARD)
        except ValueError:
            continue
        raise AssertionError(text)
    assert variable.value == 1.5


async def test_floats_and_times_outlive_a_power_cut():
    seconds = 2**31 - 1, 1767225601, 1767225602
    texts = "359.99", "0.1", "-33.3"
    with Flash() as flash:
        variables = [writable("v%d" % i, value=json.loads(text)) for i, text in enumerate(texts)]
        for variable, time in zip(variables, seconds):
            variable.time = time
        async with Run(*variables) as registry:
            for variable, time in zip(registry.variables.values(), seconds):
                variable.time = time
            await flash.looked()
        first = flash.text()
        for _ in range(3):
            variables = [writable("v%d" % i, float) for i in range(len(texts))]
            await keep(flash, *variables)
            assert tuple(variable.time for variable in variables) == seconds
            assert tuple(map(shown, variables)) == texts
            assert flash.text() == first


def test_times_are_exact_to_the_second():
    for item, seconds in (
        ("fb41d954fc40400000", 1700000001),
        ("fb41d954fc40800000", 1700000002),
        ("1a6553f101", 1700000001),
        ("fb41efffffffe00000", 2**32 - 1),
    ):
        pack = b"\x81\xa3\x22" + bytes.fromhex(item) + b"\x00\x61v\x02\x01"
        assert decode(pack)[0][2] == seconds, item
        assert decode(pack)[0][2] + 1 > seconds and not decode(pack)[0][2] > seconds, item


def test_uptime_goes_on_when_the_ticks_wrap():
    try:
        from time import ticks_add  # they wrap after 12 days where an int has 31 bits
    except ImportError:
        from operator import add as ticks_add
    normal, before = clock.ticks_ms, (clock._ticks, clock._uptime)
    ticks = clock._ticks = clock._uptime = 0
    clock.ticks_ms = lambda: ticks
    try:
        for day in range(0, 400, 5):
            assert clock.uptime() == day * 86400
            ticks = ticks_add(ticks, 5 * 86400000)
    finally:
        clock.ticks_ms = normal
        clock._ticks, clock._uptime = before


def past_of(type, *values):
    """The last values of the steps that a page is told of a variable which has a new one every minute."""
    variable = Variable("v", type)
    registry = board(variable).registry
    kept = History(registry, "no such file", {"v"})
    normal, seconds = history.uptime, 0
    history.uptime = lambda ms=1000: seconds * 1000 // ms
    try:
        kept.follow({"v"})
        for value in values:
            registry.write(variable, value)
            seconds += 60
        seconds -= 60
        message = json.loads("".join(kept.pasts["v"].told(1, "v", 1)))
    finally:
        history.uptime = normal
    return [point and point[2] for point in message["history"]["points"]]


def test_past_holds_large_integers():
    past = past_of(int, 2**31, 2**63 - 1)
    assert len(past) == 2 and abs(past[0] / 2**31 - 1) < 5e-6 and abs(past[1] / 2**63 - 1) < 5e-6


def test_past_has_gaps_for_what_json_cannot_hold():
    nan, infinite = float("nan"), float("inf")
    past = past_of(float, nan, 1.5, nan, infinite, 2.5, -infinite, 1e39, 3.5)
    # A value lasted until the one that is none came, in the first moment of a step.
    assert past == [1.5, 1.5, None, 2.5, 2.5, None, 3.5]
