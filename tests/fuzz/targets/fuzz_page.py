"""Messages of a page, one a line: all get sound answers, and variables hold what they may."""

import asyncio

from sideboard import ColoredLight, page
from sideboard.compat import text_of
from sideboard.page import Page
from sideboard.tasks import first_of
from sideboard.variables import Registry, Variable
from sideboard.websocket import WebSocketError
from wire import check_value, json_of

page._FINGERS_MS = 0
SEEDS = (
    b'{"id": 7, "name": "led", "value": true}\n{"id": 8}\n{"id": 9, "name": "led"}',
    b'{"id": 1, "name": "level", "value": 5}\n{"id": 2, "name": "level", "value": "5"}',
    b'{"id": 1, "name": "t", "value": 1e5}\n{"id": 2, "name": "none", "value": 1}',
    b'{"id": 1, "name": "name", "value": "h\xc3\xa4\\u00e4\\ud83d\\ude00"}\n\n{"id": null}',
    b'{"id": 1, "name": "light", "value": {"hue": 120, "swi": true}}\n'
    b'{"id": 2, "name": "light", "value": {"bri": 101}}',
)


class _Socket:
    """A browser that takes everything at once."""

    def __init__(self, data):
        self.texts = []
        self._lines = data.split(b"\n")

    async def receive(self):
        if not self._lines:
            for _ in range(3):  # the last answers leave
                await asyncio.sleep(0)
            raise WebSocketError
        line = self._lines.pop(0)
        await asyncio.sleep(0)
        try:
            return text_of(line) if line else None
        except ValueError:  # as the WebSocket does
            raise WebSocketError from None

    def end(self, code):
        assert code == 1008
        raise WebSocketError

    async def send(self, *texts):
        self.texts.extend(["".join(text) for text in texts])
        await asyncio.sleep(0)


def _on_write(client, value):
    pass


async def check(data):
    registry = Registry()
    for variable in (
        Variable("led", value=False, on_write=_on_write),
        Variable("level", value=1, on_write=_on_write),
        Variable("t", value=1.5),
        Variable("name", value="", on_write=_on_write),
        Variable("x", on_write=_on_write),
        ColoredLight("light", on_write=_on_write),
    ):
        registry.add(variable)
    socket = _Socket(data[:4096])
    one = Page(registry, "none.json", socket, {})
    try:
        await first_of(one.send_changes(), one.take_writes())
    except WebSocketError:
        pass  # it left, or has to go
    for text in socket.texts:
        message = json_of(text.encode())
        assert "variables" in message or set(message) <= {"id", "error", "variables"}, message
        assert type(message.get("id")) in (int, type(None)), "an id that no page sends: %r" % message
    for variable in registry.variables.values():
        check_value(variable.value)
        json_of(json_text(variable).encode())


def json_text(variable):
    import json

    return json.dumps(variable.json())
