"""The official client's objects: their parts, keywords and constants."""

from observed import error_of, told
from sideboard import ArduinoCloudObject, Task, timestamp
from sideboard.clock import now
from sideboard.composites import Color, ColoredLight, DimmedLight, Location, Schedule
from sideboard.television import Television
from sideboard.variables import CLOUD, DASHBOARD, Peer, Registry

# A value of each part that the page may write, and one that it may not.
GOOD = {"swi": True, "mut": True, "hue": 360.0, "sat": 50.0, "bri": 12.5, "lat": -90.0, "lon": 18.0, "vol": 9}
BAD = {"swi": 1, "mut": 0, "hue": 361, "sat": -1, "bri": 101, "lat": 90.5, "lon": -181, "vol": 101}
KINDS = {
    ColoredLight: ("swi", "hue", "sat", "bri"),
    DimmedLight: ("swi", "bri"),
    Color: ("hue", "sat", "bri"),
    Location: ("lat", "lon"),
    Schedule: ("frm", "to", "len", "msk"),
    Television: ("swi", "vol", "mut", "pbc", "inp", "cha"),
}


def accept(client, value):
    pass


def good(parts):
    return {part: GOOD.get(part, 7) for part in parts}


def test_parts_are_given_by_keyword_or_as_one_value_and_read_by_dot():
    for kind, parts in KINDS.items():
        for thing in (kind("some", **good(parts)), kind("some", value=good(parts))):
            assert thing.json() == good(parts) == {part: getattr(thing, part) for part in parts}
            assert thing.initialized and thing.type == kind.__name__ and isinstance(thing, ArduinoCloudObject)


def test_object_without_values_is_not_initialized():
    for kind, parts in KINDS.items():
        thing = kind("some", value=None)
        assert not thing.initialized and [getattr(thing, part) for part in parts] == [None] * len(parts)


def test_parts_are_written_by_dot_and_told():
    for kind, parts in KINDS.items():
        thing = Registry().add(kind("some"))
        peer = Peer(thing.registry)
        for part, value in good(parts).items():
            setattr(thing, part, value)
            assert told(peer) == {thing}
        assert thing.json() == good(parts)


def test_object_knows_its_parts_and_shows_them():
    light = DimmedLight("some", swi=True, bri=50)
    assert "bri" in light and "hue" not in light
    assert repr(light) == str({"swi": True, "bri": 50.0}) and repr(ArduinoCloudObject("some", value=7)) == "7"


def test_cloud_and_page_write_objects_with_on_write():
    for kind, parts in KINDS.items():
        seen = []
        thing = kind("some", on_write=lambda client, value, seen=seen: seen.append(value))
        registry = Registry().add(thing).registry
        registry.write(thing, good(parts), CLOUD)
        registry.write(thing, good(parts), DASHBOARD)
        assert seen == [thing, thing] and thing.json() == good(parts)


def test_page_writes_no_part_out_of_range_or_of_another_type():
    for kind, parts in KINDS.items():
        thing = kind("some", on_write=accept, **good(parts))
        registry = Registry().add(thing).registry
        for part in parts:
            error = TypeError if part in ("swi", "mut") else ValueError
            wrong = {part: BAD.get(part, -1)}
            assert "some:" + part in error_of(error, registry.write, thing, wrong, DASHBOARD)
            error_of(TypeError, registry.write, thing, {part: "7"}, DASHBOARD)
        assert thing.json() == good(parts)


def test_options_are_the_same_for_all():
    options = {"on_read": accept, "on_write": accept, "interval": 0.5, "backoff": 2, "args": (1, 2)}
    for kind in [Task] + list(KINDS):
        thing = kind("some", **options)
        assert {name: getattr(thing, name) for name in options} == options


def test_unknown_keyword_is_a_type_error():
    for kind in [Task] + list(KINDS):
        error_of(TypeError, lambda kind=kind: kind("some", colour=1))


def test_television_has_the_clouds_numbers():
    assert (Television.PLAYBACK_PLAY, Television.PLAYBACK_NONE) == (3, 255)
    assert (Television.INPUT_AUX1, Television.INPUT_HDMI1, Television.INPUT_XBOX) == (0, 16, 60)
    tv = Television("tv", inp=Television.INPUT_TUNER)
    assert tv.inp == 54


def test_timestamp_is_unix_time():
    assert 0 <= now() - timestamp() < 2
