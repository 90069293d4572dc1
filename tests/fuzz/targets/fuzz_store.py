"""The store's file, whatever it holds: variables get what fits, and what is stored then is read again."""

import json
import os

from sideboard import ColoredLight
from sideboard.composites import Schedule
from sideboard.store import Store, _write
from sideboard.stored import _read
from sideboard.variables import Registry, Variable
from wire import check_value

_FILE = "sideboard.json"
SEEDS = (
    b'{"led": ["bool", true, 1794000000, false], "level": ["int", 5, null, true], '
    b'"t": ["float", null, null, false]}',
    b'{"name": ["string", "h\xc3\xa4", 1794000000.5, false], '
    b'":thing": {"thing_id": "id-7", "tz_offset": 7200}}',
    b'{"light": ["ColoredLight", {"swi": true, "hue": 120.0, "sat": 100.0, "bri": 50.5}, null, null]}',
    b'{"s": ["Schedule", {"frm": 1700000000, "to": 0, "len": 60, "msk": 0}, 1, false], '
    b'"gone": ["int", 1, 2, true]}',
    b'{"light": ["ColoredLight", {"swi": null, "hue": 1e5, "sat": 100.0}, null, null], ":thing": {}}',
)


def _on_write(client, value):
    pass


class _Client:
    def __init__(self, registry):
        self.get = registry.thing.get


def check(data):
    for name in os.listdir("."):
        os.remove(name)
    with open(_FILE, "wb") as file:
        file.write(data)
    registry = Registry()
    registry.client = _Client(registry)
    Store(registry)
    schedule = Schedule("s")
    for variable in (
        Variable("led", on_write=_on_write),
        Variable("level", "int", value=1, on_write=_on_write),
        Variable("t"),
        Variable("name", on_write=_on_write),
        ColoredLight("light", on_write=_on_write),
        schedule,
    ):
        registry.add(variable)
        check_value(variable.value)
        assert variable.type in (None, "bool", "int", "float", "string", "ColoredLight", "Schedule")
        time = variable.time
        assert time is None or type(time) in (int, float) and time - time == 0, "time %r" % time
        assert variable.marked in (True, False, None), "marked %r" % variable.marked
    schedule.on_run(registry.client, None)
    values = {}
    for variable in registry.variables.values():
        values[variable.name] = [variable.type or "int", variable.json(), variable.time, variable.marked]
    if registry.thing:
        values[":thing"] = registry.thing
    _write(values.items)
    assert _read(_FILE) == json.loads(json.dumps(values)), "not stored"
