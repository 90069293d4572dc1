"""Composite variables, by the example of ColoredLight."""

from observed import error_of, told
from sideboard.composites import ColoredLight
from sideboard.variables import CLOUD, DASHBOARD, DEVICE, Peer, Registry

WHOLE = {"swi": True, "hue": 120.0, "sat": 100.0, "bri": 50.5}


def light_in_registry(**options):
    options.setdefault("on_write", lambda client, value: None)
    light = ColoredLight("light", **options)
    return light, Registry().add(light).registry


def test_parts_are_given_at_the_start():
    light = ColoredLight("light", swi=True, hue=120, sat=100, bri=50.5)
    assert light.json() == WHOLE and light.type == "ColoredLight"


def test_parts_are_read_by_dot():
    light, _ = light_in_registry(**WHOLE)
    assert (light.swi, light.hue, light.sat, light.bri) == (True, 120.0, 100.0, 50.5)


def test_part_written_by_dot_is_told():
    light, registry = light_in_registry(**WHOLE)
    peer = Peer(registry)
    light.hue = 7
    assert light.hue == 7.0 and type(light.hue) is float and told(peer) == {light}


def test_part_that_is_written_unchanged_tells_nobody():
    light, registry = light_in_registry(**WHOLE)
    peer = Peer(registry)
    light.hue = 120
    assert told(peer) == set()


def test_part_is_written_by_dot_before_the_registration():
    light = ColoredLight("light")
    light.hue = 7
    assert light.hue == 7.0


def test_write_of_some_parts_keeps_the_others():
    for source in (DEVICE, DASHBOARD, CLOUD):
        light, registry = light_in_registry(**WHOLE)
        registry.write(light, {"hue": 0, "swi": False}, source)
        assert light.json() == {"swi": False, "hue": 0.0, "sat": 100.0, "bri": 50.5}


def test_page_may_write_no_part_out_of_range():
    light, registry = light_in_registry(**WHOLE)
    for part, value in (("hue", -1), ("hue", 360.5), ("sat", 101), ("bri", -0.1), ("bri", float("nan"))):
        assert "light:" + part in error_of(ValueError, registry.write, light, {part: value}, DASHBOARD)
    for part, value in (("hue", 0), ("hue", 360), ("sat", 100), ("bri", 0)):
        registry.write(light, {part: value}, DASHBOARD)
    assert light.json() == {"swi": True, "hue": 360.0, "sat": 100.0, "bri": 0.0}


def test_script_and_cloud_write_parts_out_of_range():
    for source in (DEVICE, CLOUD):
        light, registry = light_in_registry(**WHOLE)
        registry.write(light, {"hue": 400}, source)
        assert light.hue == 400.0


def test_wrong_part_or_type_is_refused_and_nothing_is_changed():
    light, registry = light_in_registry(**WHOLE)
    light.time = 7
    peer = Peer(registry)
    wrong_parts = ({"hue": 1, "colour": 1}, {"hue": 1, "swi": 1}, {"hue": 1, "bri": None}, {"hue": "1"})
    for value in wrong_parts + (5, [], None):
        for source in (DEVICE, DASHBOARD, CLOUD):
            assert "light" in error_of(TypeError, registry.write, light, value, source)
    error_of(ValueError, registry.write, light, {"sat": 1, "hue": 361}, DASHBOARD)
    assert (light.json(), light.time, told(peer)) == (WHOLE, 7, set())


def test_composite_has_a_value_once_all_parts_have_one():
    light, registry = light_in_registry()
    for part in ("swi", "hue", "sat"):
        registry.write(light, {part: WHOLE[part]}, CLOUD)
        assert not light.initialized
    assert light.json() == {"swi": True, "hue": 120.0, "sat": 100.0, "bri": None}
    registry.write(light, {"bri": 50.5}, CLOUD)
    assert light.initialized


def test_composite_without_on_write_takes_parts_from_the_cloud_until_it_is_whole():
    light, registry = light_in_registry(on_write=None)
    registry.write(light, {"swi": True, "hue": 120}, CLOUD)
    registry.write(light, {"sat": 100, "bri": 50.5}, CLOUD)
    assert light.json() == WHOLE
    assert error_of(AttributeError, registry.write, light, {"hue": 1}, CLOUD)


def test_composites_do_not_share_their_values():
    one, other = ColoredLight("one"), ColoredLight("other")
    one.hue = 1
    assert other.hue is None


def test_records_name_each_part():
    light, _ = light_in_registry(**WHOLE)
    names = ["light:swi", "light:hue", "light:sat", "light:bri"]
    assert list(light.records()) == list(zip(names, (True, 120.0, 100.0, 50.5)))


def test_json_of_a_part_that_is_not_finite_is_null():
    light, registry = light_in_registry(**WHOLE)
    light.hue = float("nan")
    assert light.json() == {"swi": True, "hue": None, "sat": 100.0, "bri": 50.5}
