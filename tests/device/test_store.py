"""Rule 8: what the store keeps through a power cut, and when it writes."""

import asyncio

from flash import BROKEN, FILE, NEW, ClientRun, Flash, Run, keep, until
from observed import Log
from sideboard import store
from sideboard.cloud import CloudLink
from sideboard.compat import ticks_diff, ticks_ms
from sideboard.composites import ColoredLight, Location, Schedule
from sideboard.television import Television
from sideboard.variables import DASHBOARD, Registry, Variable


def on_write(client, value):
    pass


def writable(name, type=None, value=None):
    return Variable(name, type, value, on_write=on_write)


async def after_restart(flash, before, after):
    """Lets a run with the first variable end when it is stored; returns the second as the next run has it."""
    await keep(flash, before)
    async with Run(after):
        return after


# What is kept


async def test_values_of_every_simple_type():
    values = (True, False, 0, -(2**63), 2**63 - 1, 0.1, -1.5e300, 2.0, "", "text")
    with Flash() as flash:
        await keep(flash, *(writable("v%d" % number, value=value) for number, value in enumerate(values)))
        variables = [writable("v%d" % number) for number in range(len(values))]
        async with Run(*variables):
            for variable, value in zip(variables, values):
                assert variable.value == value and type(variable.value) is type(value)


async def test_composites():
    def lights(**parts):
        return ColoredLight("light", on_write=on_write, **parts)

    def places(**parts):
        return Location("place", on_write=on_write, **parts)

    def plans(**parts):
        return Schedule("plan", on_write=on_write, **parts)

    def sets(**parts):
        return Television("set", on_write=on_write, **parts)

    with Flash() as flash:
        for make, parts in (
            (lights, {"swi": True, "hue": 120.5, "sat": 100.0, "bri": 1.0}),
            (places, {"lat": -33.859972, "lon": 151.211111}),
            (plans, {"frm": 1753000000, "to": 0, "len": 3600, "msk": 4026531839}),
            (sets, {"swi": True, "vol": 7, "mut": False, "pbc": 4, "inp": 41, "cha": 12}),
        ):
            after = await after_restart(flash, make(**parts), make())
            assert after.value == parts and after.initialized


async def test_known_parts_of_a_composite():
    with Flash() as flash:
        before = ColoredLight("light", on_write=on_write, hue=120)
        after = await after_restart(flash, before, ColoredLight("light", on_write=on_write))
        assert after.value == {"swi": None, "hue": 120.0, "sat": None, "bri": None}


async def test_names_and_texts_in_any_script():
    text = 'Grüße, 你好, 😀 "\\\n\t\x01'
    with Flash() as flash:
        after = await after_restart(flash, writable("Größe ☀", value=text), writable("Größe ☀"))
        assert after.value == text


async def test_time_of_the_last_change():
    for time in (None, 1790000000, 1790000000.25):
        with Flash() as flash:
            async with Run(writable("level", value=1)) as registry:
                registry["level"].time = time
                await flash.looked()
            after = writable("level", value=0)
            async with Run(after):
                assert after.time == time


async def test_read_only_variable_keeps_its_type_only():
    with Flash() as flash:
        after = await after_restart(flash, Variable("heat", value=21.5), Variable("heat"))
        assert (after.type, after.value) == ("float", None)
        assert "21.5" not in flash.text()


async def test_type_without_a_value():
    with Flash() as flash:
        after = await after_restart(flash, writable("level", int), writable("level"))
        assert (after.type, after.value) == ("int", None)


async def test_variable_without_a_type_yet_is_not_kept():
    with Flash() as flash:
        await keep(flash, writable("waiting"), Variable("heat"), writable("level", value=7))
        assert list(flash.kept()) == ["level"]


async def test_type_that_the_first_value_decides():
    with Flash() as flash:
        async with Run(Variable("heat")) as registry:
            registry.write(registry["heat"], 21.5)
            await flash.looked()
        assert flash.kept() == {"heat": ["float", None, None, False]}


async def test_what_no_number_is_does_not_spoil_the_others():
    with Flash() as flash:
        await keep(flash, writable("gain", value=float("nan")), writable("level", value=3))
        gain, level = writable("gain"), writable("level")
        with Log() as log:
            async with Run(gain, level):
                assert (gain.type, gain.value, level.value) == ("float", None, 3)
        assert log.texts == []


async def test_stored_value_comes_before_that_of_the_script():
    with Flash() as flash:
        after = await after_restart(flash, writable("level", value=7), writable("level", value=1))
        assert after.value == 7
        after = ColoredLight("level", on_write=on_write, swi=False, hue=1, sat=1, bri=1)
        before = ColoredLight("level", on_write=on_write, swi=True, hue=9, sat=9, bri=9)
        assert (await after_restart(flash, before, after)).value["hue"] == 9.0


async def test_script_that_changed_the_type_ignores_the_stored_value():
    changes = (
        (writable("v", value=7), writable("v", float, 1.5)),
        (writable("v", value=7), writable("v", str, "new")),
        (writable("v", value=7), ColoredLight("v", on_write=on_write, hue=1)),
        (Location("v", on_write=on_write, lat=1, lon=2), writable("v", bool, True)),
        (ColoredLight("v", on_write=on_write, hue=1), Location("v", on_write=on_write)),
    )
    for before, after in changes:
        kind, value = after.type, after.json()
        with Flash() as flash, Log() as log:
            await after_restart(flash, before, after)
            assert (after.type, after.json()) == (kind, value)
            assert log.texts == ["The stored value of v is not used: it was %s" % before.type]


async def test_script_that_makes_a_composite_a_simple_variable_starts_anew():
    with Flash() as flash:
        after = await after_restart(flash, Location("v", on_write=on_write, lat=1, lon=2), writable("v"))
        assert (after.type, after.value) == (None, None)


async def test_variable_that_the_script_registers_later():
    with Flash() as flash:
        await keep(flash, writable("early", value=1), writable("late", value=7))
        late = writable("late", value=0)
        async with Run(writable("early")) as registry:
            registry.write(registry["early"], 2)
            await flash.looked()
            registry.add(late)
            assert late.value == 7
        later = writable("late", value=0)
        async with Run(later):
            assert later.value == 7


# When it is written


async def test_burst_is_one_write():
    with Flash() as flash:
        async with Run(writable("level", value=0), writable("name", value="")) as registry:
            for number in range(20):
                registry.write(registry["level"], number)
                registry.write(registry["name"], "n%d" % number, DASHBOARD)
                await asyncio.sleep(0)
            await flash.looked()
            assert flash.renames == 1
            assert [entry[1] for _, entry in sorted(flash.kept().items())] == [19, "n19"]


async def test_last_change_is_written_a_while_later():
    with Flash() as flash:
        store._QUIET = 0.2
        async with Run(writable("level", value=0)) as registry:
            began = ticks_ms()
            for number in range(3):
                registry.write(registry["level"], number)
                await asyncio.sleep(0.1)
            await flash.looked()
            assert 390 < ticks_diff(ticks_ms(), began) < 800


async def test_changes_that_go_on_are_written_meanwhile():
    with Flash() as flash:
        async with Run(writable("level", value=0)) as registry:
            number = 0
            while flash.renames < 3:
                number += 1
                registry.write(registry["level"], number)
                await asyncio.sleep(0.002)
                assert number < 1000
            assert number > 20  # but not at each change


async def test_change_that_comes_while_waiting_is_written_too():
    with Flash() as flash:
        async with Run(writable("level", value=0)) as registry:
            for number in range(1, 4):
                await flash.looked()
                registry.write(registry["level"], number)
            await until(lambda: flash.kept()["level"][1] == 3)


async def test_readings_are_never_written():
    with Flash() as flash:
        async with Run(Variable("heat", value=0.5), writable("level", value=0)) as registry:
            await flash.looked()
            for number in range(200):
                registry.write(registry["heat"], number + 0.5)
                await asyncio.sleep(0.001)
            assert flash.looks == 1
            registry.write(registry["level"], 1)
            await flash.looked()
            assert flash.renames == 2


async def test_readings_of_a_writable_variable_neither_cause_nor_delay_a_write():
    readings = []

    def read(client):
        readings.append(len(readings) + 0.5)
        return readings[-1]

    with Flash() as flash:
        target = Variable("target", on_read=read, on_write=on_write, interval=0.001)
        async with ClientRun(target, writable("level", value=0)) as client:
            await flash.looked()
            began = len(readings)
            await until(lambda: len(readings) > began + 300)
            assert flash.looks == 1
            client["level"] = 1
            await flash.looked()
            assert flash.renames == 2


async def test_restart_without_a_change_writes_nothing():
    def variables():
        light = ColoredLight("light", on_write=on_write, swi=True, hue=1.1, sat=2.2, bri=3.3)
        return light, writable("level", value=0.1), Variable("heat", value=20.5)

    with Flash() as flash:
        await keep(flash, *variables())
        await keep(flash, *variables())
        assert (flash.renames, flash.looks) == (1, 2)


async def test_acknowledgement_that_comes_soon_is_in_the_same_write():
    with Flash() as flash:
        async with Run(writable("level", value=0)) as registry:
            link = CloudLink(registry, {"device_id": b"board"}, None)
            registry.write(registry["level"], 1, DASHBOARD)
            assert registry["level"].marked
            link.unmark(registry["level"])
            await flash.looked()
            assert (flash.renames, flash.kept()["level"][1], flash.kept()["level"][3]) == (1, 1, False)


# How it is written


async def test_old_file_is_there_until_the_new_one_is_complete():
    with Flash() as flash:
        async with Run(writable("level", value=1)) as registry:
            await flash.looked()
            whole = flash.text()
            for trouble in ("full", "read_only"):
                setattr(flash, trouble, True)
                with Log() as log:
                    registry.write(registry["level"], registry["level"].value + 1)
                    await flash.looked()
                assert len(log.texts) == 1 and log.texts[0].startswith("Values are not stored: ")
                assert flash.text() == whole
                setattr(flash, trouble, False)
            registry.write(registry["level"], 9)
            await flash.looked()
            assert flash.kept()["level"][1] == 9 and flash.files() == [FILE]


async def test_new_file_that_has_not_its_name_yet_is_used():
    with Flash() as flash:
        await keep(flash, writable("level", value=7))
        flash.rename(FILE, NEW)
        level = writable("level")
        async with Run(level):
            assert level.value == 7 and flash.files() == [FILE]


async def test_new_file_that_is_not_complete_is_ignored():
    with Flash() as flash, Log() as log:
        flash.put('{"level": ["int", 9, nul', NEW)
        assert (await after_restart(flash, writable("level", value=7), writable("level"))).value == 7
        flash.put('{"level": ["int", 9, nul', NEW)
        level = writable("level")
        async with Run(level):
            assert level.value == 7
        assert log.texts == []


# Broken files


def start(flash):
    """Starts a board of two variables; returns what it logs, and their values."""
    variables = writable("level", value=1), Variable("heat")
    run = Run(*variables)
    with Log() as log:
        registry = run.begin()
    assert list(registry) == list(variables)
    return log.texts, [variable.value for variable in variables]


SET_ASIDE = ["sideboard.json is broken: it is set aside as sideboard.broken"]


def check_set_aside(flash, text):
    flash.put(text)
    assert start(flash) == (SET_ASIDE, [1, None])
    assert flash.files() == [BROKEN] and flash.text(BROKEN) == text
    assert start(flash) == ([], [1, None])


async def test_truncated_file_is_set_aside():
    with Flash() as flash:
        await keep(flash, writable("level", value=7), Variable("heat", value=1.5))
        whole = flash.text()
        for length in range(len(whole)):
            check_set_aside(flash, whole[:length])
        flash.put(whole)
        assert start(flash) == ([], [7, None])


async def test_file_of_another_shape_is_set_aside():
    with Flash() as flash:
        for text in ("\x00" * 50, "7", "null", '"text"', "[]", '["int"]', '[["level", "int"]]', "[" * 5000):
            check_set_aside(flash, text)
        for entry in ("7", "null", "{}", '"text"', "[]", '["int"]', '["int", 7]', '["int", 7, null]'):
            check_set_aside(flash, '{"level": %s}' % entry)
        for kind in ("7", "null", "[]", '{"int": 7}'):
            check_set_aside(flash, '{"level": [%s, 7, null, false]}' % kind)
        for time in ("true", '"soon"', "[]", "{}"):
            check_set_aside(flash, '{"level": ["int", 7, %s, false]}' % time)


async def test_broken_file_beside_a_complete_new_one():
    with Flash() as flash:
        await keep(flash, writable("level", value=7))
        flash.rename(FILE, NEW)
        flash.put("{")
        assert start(flash) == (SET_ASIDE, [7, None])
        assert flash.files() == [BROKEN, FILE]


async def test_broken_file_on_a_read_only_file_system():
    with Flash() as flash:
        flash.put("{")
        flash.read_only = True
        texts, values = start(flash)
        assert texts[:1] == SET_ASIDE and values == [1, None]
        assert len(texts) == 2 and texts[1].startswith("sideboard.json stays: ")


async def test_value_that_does_not_fit_its_type_is_not_used():
    with Flash() as flash:
        for value in ("true", '"7"', "7.5", "[7]", '{"hue": 7}', "9223372036854775808"):
            flash.put('{"level": ["int", %s, null, false], "other": ["int", 7, null, false]}' % value)
            level, other = writable("level", value=1), writable("other")
            with Log() as log:
                Run(level, other).begin()
            assert (level.value, other.value) == (1, 7)
            (text,) = log.texts
            assert text.startswith("The stored value of level is not used: ")


async def test_parts_that_do_not_fit_are_not_used():
    with Flash() as flash:
        for value in ('{"hue": true}', '{"hue": "7"}', '{"glow": 7}', "7", "[]"):
            flash.put('{"light": ["ColoredLight", %s, null, false]}' % value)
            light = ColoredLight("light", on_write=on_write)
            with Log() as log:
                Run(light).begin()
            assert set(light.value.values()) == {None} and len(log.texts) == 1


async def test_unknown_type_is_not_used():
    with Flash() as flash:
        for kind in ("Toaster", "ColoredLight", ""):
            flash.put('{"level": ["%s", 7, null, false]}' % kind)
            level = writable("level")
            Run(level).begin()
            assert level.type is None
            level.value = 3
            assert level.type == "int"


# The client: on_write at the start, and what the cloud knows


def noted(name, calls):
    return Variable(name, on_write=lambda client, value: calls.append((name, value)))


async def test_on_write_runs_once_with_the_stored_value():
    calls = []
    with Flash() as flash:
        await keep(flash, writable("level", value=7), writable("led", value=True), writable("typed", int))
        async with ClientRun(*(noted(name, calls) for name in ("level", "led", "typed", "new"))):
            await flash.looked()
        assert calls == [("level", 7), ("led", True)]


async def test_on_write_that_is_a_coroutine_runs_once():
    calls = []

    async def on_level(client, value):
        await asyncio.sleep(0)
        calls.append(value)

    with Flash() as flash:
        await keep(flash, writable("level", value=7))
        async with ClientRun(Variable("level", on_write=on_level)):
            await flash.looked()
        assert calls == [7]


async def test_on_write_of_a_composite_gets_its_parts():
    calls = []
    with Flash() as flash:
        await keep(flash, ColoredLight("light", on_write=on_write, swi=True, hue=120, sat=100, bri=50))
        light = ColoredLight("light", on_write=lambda client, light: calls.append((light.swi, light.hue)))
        async with ClientRun(light):
            assert calls == [(True, 120.0)]


async def test_on_write_that_raises_does_not_stop_the_start():
    calls = []

    def fail(client, value):
        raise RuntimeError("the relay is stuck")

    with Flash() as flash:
        await keep(flash, writable("level", value=7), writable("led", value=True))
        with Log() as log:
            async with ClientRun(Variable("level", on_write=fail), noted("led", calls)):
                await flash.looked()
        assert calls == [("led", True)]
        assert "the relay is stuck" in "".join(log.texts)


async def test_variable_registered_later_runs_its_on_write():
    calls = []
    with Flash() as flash:
        await keep(flash, writable("late", value=7))
        async with ClientRun() as client:
            client.register(noted("late", calls))
            assert calls == [("late", 7)] and not client.registry["late"].marked


async def test_only_what_the_cloud_did_not_acknowledge_is_marked():
    with Flash() as flash:
        async with Run(writable("told", value=1), writable("untold", value=2)) as registry:
            link = CloudLink(registry, {"device_id": b"board"}, None)
            for name in ("told", "untold"):
                registry.write(registry[name], 3)
            link.unmark(registry["told"])
            await flash.looked()
        async with ClientRun(writable("told"), writable("untold")) as client:
            assert not client.registry["told"].marked and client.registry["untold"].marked


async def test_what_on_write_sets_at_the_start_goes_to_the_cloud():
    def limit(client, value):
        client["level"] = 5
        client["other"] = 5

    with Flash() as flash:
        await keep(flash, writable("other", value=1), writable("level", value=9))
        async with ClientRun(Variable("level", on_write=limit), writable("other")) as client:
            assert client.registry["level"].marked and client.registry["other"].marked
            assert (client["level"], client["other"]) == (5, 5)


def test_registry_without_a_store_keeps_nothing():
    registry = Registry()
    variable = registry.add(writable("level", value=1))
    CloudLink(registry, {"device_id": b"cloud"}, None).unmark(variable)
    assert not variable.marked
