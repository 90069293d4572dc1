"""The eighth rule of variables.py: what the store keeps through a power cut."""

from flash import Flash, Run, after_restart, keep, on_write, writable
from observed import Log
from sideboard.composites import ColoredLight, Location, Schedule
from sideboard.television import Television
from sideboard.variables import Variable


async def test_values_of_every_simple_type():
    values = (True, False, 0, -(2**63), 2**63 - 1, 0.1, -1.5e30, 2.0, "", "text")
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
            (places, {"lat": -33.8599, "lon": 151.211}),
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
                registry.variables["level"].time = time
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
            registry.write(registry.variables["heat"], 21.5)
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
            registry.write(registry.variables["early"], 2)
            await flash.looked()
            registry.add(late)
            assert late.value == 7
        later = writable("late", value=0)
        async with Run(later):
            assert later.value == 7
