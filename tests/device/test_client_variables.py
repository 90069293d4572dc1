"""How a script reads and writes variables through the client."""

from observed import error_of
from sideboard import ArduinoCloudObject, ColoredLight, Location, Task
from unlinked import unlinked


def accept(client, value):
    pass


def test_variable_registered_by_name_or_as_an_object():
    client = unlinked()
    client.register("count", value=1)
    client.register(ArduinoCloudObject("text", value="one"))
    assert (client["count"], client["text"]) == (1, "one")


def test_object_registered_with_options_is_a_type_error():
    error_of(TypeError, lambda: unlinked().register(ColoredLight("light"), interval=2))


def test_in_and_key_error():
    client = unlinked()
    client.register("count", value=1)
    assert "count" in client and "level" not in client
    error_of(KeyError, lambda: client["level"])
    error_of(KeyError, client.__setitem__, "level", 1)


def test_get_has_a_default_for_what_is_missing_or_has_no_value():
    client = unlinked()
    client.register("count", value=0)
    client.register("empty")
    client.register(ColoredLight("light"))
    assert (client.get("count", 5), client.get("empty", 5), client.get("level", 5)) == (0, 5, 5)
    assert client.get("level") is None and client.get("light").hue is None


def test_time_zone_is_told_by_get():
    client = unlinked()
    assert client.get("tz_offset", 0) == 0
    client.registry.thing["tz_offset"] = 3600
    assert client.get("tz_offset", 0) == 3600 and "tz_offset" not in client


def test_written_value_keeps_its_type():
    client = unlinked()
    client.register("level", value=1.5)
    client["level"] = 2
    assert type(client["level"]) is float and client["level"] == 2.0
    error_of(TypeError, client.__setitem__, "level", "high")
    assert client["level"] == 2.0


def test_parts_are_read_and_written_by_dot():
    client = unlinked()
    client.register(ColoredLight("light", swi=True, hue=1, sat=2, bri=3, on_write=accept))
    client["light"].hue = 7
    client["light"] = {"bri": 50}
    assert (client["light"].swi, client["light"].hue, client["light"].bri) == (True, 7.0, 50.0)


def test_records_hold_the_objects():
    client = unlinked()
    place = Location("place", lat=1, lon=2)
    client.register(place)
    client.register("count", value=1)
    assert client.records["place"] is place and client.records["count"].value == 1
    client.records["count"].value = 2
    assert client["count"] == 2 and "count" in client.records


def test_plain_object_without_callbacks_is_a_variable_without_a_value():
    client = unlinked()
    client.register(Task("some"))
    assert client["some"] is None
