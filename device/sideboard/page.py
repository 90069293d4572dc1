"""An open page, and its protocol on the WebSocket /ws: JSON texts, but for those that begin with L.

What the board sends, V being {"name", "type", "value", "writable"} and, where it has some, "options":
    L…                                the layout's text, in pieces; an empty one, "L" alone, is its end
    {"variables": [V, …], "status"}   first, after the layout: all variables, and what GET /api/status tells
    {"variables": [V, …]}             those that changed; and if it did, "status"; a layout comes as above
    {"log": "…"}                      what was logged, for who wants it: all that is kept, then the new behind
                                      a line "…" where a slow page missed some
    {"id": 7}                         message 7 was taken, and if it wrote, the board has the value
    {"id": 7, "error": "…", "variables": [V]}    it was refused; the value that stands
    {"id": 7, "error": "…"}           no message, or no such variable; an "id" that is no integer is null
    {"id": 7, "history": {"name": "level", "range": 0, "step": 5, "age": 3.2, "points": [[1, 4, 2], null, …]}}
                                      the past that was asked for, in steps of so many seconds, oldest first:
                                      the least, the greatest and the last value of each, null where none
                                      was known; of a Location [lat, lon]. age: seconds since the newest step
                                      began. Of what no chart shows "points" is [], and there is no "step"
and pings, which must be answered. The connection is closed with 4001 when the page's place went to a newer
one: it shall not come back by itself. What a page sends:
    {"id": 7, "name": "led", "value": true}    a write; of several parts some will do
    {"id": 7, "history": "level", "range": 0}    the past of a variable in a chart or on an AdvancedMap, in up
                                      to 60 steps of 5 s, 60 s, 24 min or 168 min (range 0 to 3), or all that
                                      is known (4), in steps that grow: of 168, 336, … min
    {"id": 8}                                  whether the board is there
    {"log": true}                              it wants the log; false: no more
Of these no more than 32 may wait for their answers, else it is closed with 1008. What is no text closes, too:
1002 a frame that is not masked or not a whole message, 1007 no UTF-8, 1009 more than 4,096 bytes. The status
tells the "protocol": 2 is this one. It changes when a program that keeps to this one would not do any more.
"""

import json

from microdot.microdot import Response

from .access import Refused, described, find, listed, write
from .compat import sleep_ms, text_of
from .log import LOG
from .variables import STATUS, Peer
from .websocket import WebSocket, last_word

# What a page is to send, beside variables and STATUS.
LAYOUT = "layout"
PING = "ping"
REPLY = "reply"

_REPLIES = 32
_FINGERS_MS = 10  # between two messages of a page, as from ten fingers


async def open_page(dashboard, request):
    """Makes a page of the visitor who asks. Where all places are taken another has to go."""
    visitor = request.sock[0]
    socket = WebSocket(visitor)
    try:
        await socket.accept(request)
    except OSError:
        raise Refused(400, "gone") from None  # microdot would log it
    pages = [one for one in dashboard.visitors if one.page]
    if len(pages) >= dashboard.places:
        own = [one for one in pages if one.address == visitor.address]
        (visitor.crowd(pages) or own)[0].dismiss(Page.DISPLACED)
    visitor.page = Page(dashboard.registry, dashboard.layout, socket, visitor.user)
    return Response.already_handled


class Page(Peer):
    """What one browser shows. Its WebSocket runs on a visitor."""

    DISPLACED = last_word(4001)

    def __init__(self, registry, layout, socket, user):
        super().__init__(registry)
        self._layout = layout
        self._socket = socket
        self.user = user
        self._replies = []

    async def send_changes(self):
        """Sends everything, and from then on what changes."""
        registry = self._registry
        await self._send_layout(first=True)
        await self._socket.send(self._message(list(registry.variables.values()), True))
        while True:
            changed = await self.changes()
            if LAYOUT in changed:
                await self._send_layout()
            texts, self._replies = self._replies, []
            if LOG in changed and self.read is not None:
                texts.append(json.dumps({"log": registry.log.unread(self)}))
            variables = [one for one in registry.variables.values() if one in changed]
            if variables or STATUS in changed or LAYOUT in changed:
                texts.append(self._message(variables, STATUS in changed))
            await self._socket.send(*texts)

    async def _send_layout(self, first=False):
        """In pieces and an end; at first only if there is a layout."""
        try:
            file = open(self._layout)
        except OSError:
            if not first:
                await self._socket.send("L")
            return
        piece = True
        while piece:
            try:
                piece = text_of(file.read(512))
            except ValueError:  # no browser takes it: half a layout it shows as none
                piece = ""
            await self._socket.send("L" + piece)
        file.close()

    def _message(self, variables, status):
        yield '{"variables": '
        yield from listed(variables, self.user)
        if status:
            yield ', "status": ' + json.dumps(dict(self._registry.status, **self.user))
        yield "}"

    def show_layout(self):
        """There is another layout."""
        self.note(LAYOUT)

    def ping(self):
        """Asks whether the browser is still there."""
        self.note(PING)

    async def take_writes(self):
        """Takes the page's messages and answers them, until it leaves, or sends what it may not."""
        while True:
            text = await self._socket.receive()
            if text is None:
                self.ping()
                continue
            if len(self._replies) >= _REPLIES:
                self._socket.end(1008)
            reply = self._answer(text)
            if reply:
                self._replies.append(json.dumps(reply) if isinstance(reply, dict) else reply)
                self.note(REPLY)
            await sleep_ms(_FINGERS_MS)

    def _answer(self, text):
        """What a message is answered: an object, the pieces of one, or None."""
        reply = {"id": None}
        variable = None
        try:
            message = json.loads(text)
            if "log" in message and self._registry.log:
                self.read = self._registry.log.start if message["log"] else None
                self.note(LOG)
                return None
            if type(message["id"]) is not int:
                raise TypeError
            reply["id"] = message["id"]
            if "history" in message:
                name, ring = text_of(message["history"]), message["range"]
                if type(ring) is not int or not 0 <= ring <= 4:
                    raise ValueError
                history = self._registry.history
                if history and name in history.pasts:
                    return history.pasts[name].told(reply["id"], name, ring)
                reply["history"] = {"name": name, "range": ring, "points": []}
            elif len(message) > 1:
                variable = find(self._registry, text_of(str(message["name"])))
                write(self._registry, variable, message["value"], self)
        except Refused as error:
            reply["error"] = error.reason
            if variable:
                reply["variables"] = [described(variable, self.user)]
        except (KeyError, RuntimeError, TypeError, ValueError):  # no JSON, no object, or parts are missing
            reply["error"] = 'a message is like {"id": 1, "name": "led", "value": true}'
        return reply
