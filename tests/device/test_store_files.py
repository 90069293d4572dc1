"""The store's files: never half written, and what it makes of broken ones."""

from flash import BROKEN, FILE, NEW, Flash, Run, after_restart, keep, on_write, writable
from observed import Log
from sideboard.composites import ColoredLight
from sideboard.variables import Variable


async def test_old_file_is_there_until_the_new_one_is_complete():
    with Flash() as flash:
        async with Run(writable("level", value=1)) as registry:
            await flash.looked()
            whole = flash.text()
            for trouble in ("full", "read_only"):
                setattr(flash, trouble, True)
                with Log() as log:
                    registry.write(registry.variables["level"], registry.variables["level"].value + 1)
                    await flash.looked()
                assert len(log.texts) == 1 and log.texts[0].startswith("Values are not stored: ")
                assert flash.text() == whole
                setattr(flash, trouble, False)
            registry.write(registry.variables["level"], 9)
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
    assert list(registry.variables.values()) == list(variables)
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
        for time in ("true", '"soon"', "[]", "{}", "1e999"):
            check_set_aside(flash, '{"level": ["int", 7, %s, false]}' % time)


async def test_broken_file_beside_a_complete_new_one():
    with Flash() as flash:
        await keep(flash, writable("level", value=7))
        flash.rename(FILE, NEW)
        flash.put("{")
        assert start(flash) == ([], [7, None])  # it was to be replaced
        assert flash.files() == [FILE]


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
