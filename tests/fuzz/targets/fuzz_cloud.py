"""Messages of the cloud: the first byte tells the topic, and whether it was asked; the rest is a pack.

What is taken is sound.
"""

from sideboard import ColoredLight
from sideboard.cloud import CloudLink
from sideboard.composites import Schedule
from sideboard.variables import Registry, Variable
from wire import check_value, is_text

_THING = b"\x00\x81\xa2\0\x68thing_id\x03\x6aThing-Id-7"
SEEDS = (
    _THING,
    b"\x00\x81\xa2\0\x68thing_id\x03\x60",
    b"\x00\x81\xa2\0\x68thing_id\x02\x07",
    b"\x01\x81\xa2\0\x63led\x04\xf5",
    b"\x01\x81\xa2\0\x65level\x02\x05",
    b"\x01\x81\xa2\0\x61t\x02\xfb\x40\x35\x80\x00\x00\x00\x00\x00",
    b"\x01\x81\xa2\0\x64name\x03\x65hello",
    b"\x01\x82\xa2\0\x69light:swi\x04\xf5\xa2\0\x69light:hue\x02\xfb\x40\x5e\0\0\0\0\0\0",
    b"\x02\x84\xa2\0\x65s:frm\x02\x1a\x65\0\0\0\xa2\0\x64s:to\x02\0\xa2\0\x65s:len\x02\x0a\xa2\0\x65s:msk\x02\0",
    b"\x02\x83\xa3\x22\x1a\x69\0\0\0\0\x63led\x04\xf4\xa3\0\x65level\x02\x07\x06\x05\xa2\0\x69tz_offset\x02\x19\x1c\x20",
    b"\x02\x81\xa2\0\x6ctz_dst_until\x02\x1a\x69\0\0\0",
)
SEEDS += tuple(bytes((seed[0] + 9,)) + seed[1:] for seed in SEEDS)
_TOPICS = b"/a/d/device/e/i", b"/a/t/Thing-Id-7/e/i", b"/a/t/Thing-Id-7/shadow/i"


def _on_write(client, value):
    pass


class _Client:
    def __init__(self, registry):
        self.get = registry.thing.get


async def check(data):
    registry = Registry()
    schedule = Schedule("s")
    for variable in (
        Variable("led", value=False, on_write=_on_write),
        Variable("level", value=1, on_write=_on_write),
        Variable("t", value=1.5),
        Variable("new"),
        Variable("name", value="", on_write=_on_write),
        ColoredLight("light", on_write=_on_write),
        schedule,
    ):
        registry.add(variable)
    registry.client = _Client(registry)
    link = CloudLink(registry, {"device_id": b"device"}, None)
    if data[:1] > b"\x08":
        link._agreement.connected(0)
        link._agreement.asks(0)
    try:
        await link.on_message(_TOPICS[(data[0] if data else 0) % 3], data[1:])
    except (TypeError, ValueError):
        pass  # which drops it
    thing = link.thing_id
    assert thing is None or isinstance(thing, str) and is_text(thing.encode()), "a Thing %r" % thing
    for name in registry.thing:
        check_value(registry.thing[name])
    for variable in registry.variables.values():
        check_value(variable.value)
        assert variable.time is None or abs(variable.time) < 1e13, variable.time
    schedule.on_run(registry.client, None)
