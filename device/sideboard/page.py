"""An open page, and its protocol on the WebSocket /ws: JSON texts, but for those that begin with L.

What the board sends, V being {"name", "type", "value", "writable"} and, where it has some, "options":
    L…                                the layout's text, in pieces; an empty one, "L" alone, is its end
    {"variables": [V, …], "status"}   first, after the layout: all variables, and what GET /api/status tells
    {"history": {"name", "age", "values"}}    then, for each charted variable, its past; ages in seconds
    {"variables": [V, …]}             those that changed; and if it did, "status"; a layout comes as above
    {"id": 7}                         message 7 was taken, and if it wrote, the board has the value
    {"id": 7, "error": "…", "variables": [V]}    it was refused; the value that stands
and a ping after 15 s, which must be answered in time. What a page sends:
    {"id": 7, "name": "led", "value": true}    a write; of several parts some will do
    {"id": 8}                                  whether the board is there
"""

import json

from .access import Refused, described, find, write
from .layout import layout_pieces
from .variables import STATUS, Peer, whole
from .websocket import PING

LAYOUT = "layout"  # what a page is to send, beside variables, STATUS and PING


class Page(Peer):
    """What one browser shows. Its WebSocket runs on a visitor."""

    def __init__(self, registry, layout_file, socket):
        super().__init__(registry)
        self._layout = layout_file
        self._socket = socket

    def ping(self):
        """Asks whether the browser is still there."""
        self.note(PING)

    async def send_changes(self):
        """Sends everything, and from then on what changes."""
        registry = self._registry
        await self._send_layout(first=True)
        await self._send_news(registry.variables.values(), True)
        if registry.history:
            for past in registry.history.messages():
                await self._send({"history": past})
        while True:
            changed = await self.changes()
            if LAYOUT in changed:
                await self._send_layout()
            if PING in changed:
                await self._socket.send(b"", PING)
            variables = [one for one in registry.variables.values() if one in changed]
            if variables or changed != {PING}:
                await self._send_news(variables, STATUS in changed)

    async def _send_layout(self, first=False):
        """In pieces and an end; at first the end is there only if there is a layout."""
        for piece in layout_pieces(self._layout):
            await self._socket.send("L" + piece)
            first = False
        if not first:
            await self._socket.send("L")

    async def _send_news(self, variables, status):
        message = {"variables": [described(variable) for variable in variables]}
        if status:
            message["status"] = self._registry.status
        await self._send(message)

    def _send(self, message):
        return self._socket.send(json.dumps(message))

    async def take_writes(self):
        """Takes the page's writes and answers them, until it leaves, or sends what it may not."""
        while True:
            message = json.loads(await self._socket.receive())
            reply = {"id": message.get("id")}
            if "name" in message:
                variable = None
                try:
                    variable = find(self._registry, whole(str(message["name"])))
                    write(self._registry, variable, message.get("value"), self)
                except Refused as error:
                    reply["error"] = error.reason
                    if variable:
                        reply["variables"] = [described(variable)]
            await self._send(reply)
