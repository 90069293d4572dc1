"""A browser's connection, and the page that is open on it."""

import asyncio
import json

from microdot.websocket import WebSocket, WebSocketError

from .compat import close, first_of, log, sleep_ms
from .variables import DASHBOARD, Peer, ReadOnly, whole

_SILENCE_MS = 15000  # a page is pinged so often and must answer in time; other connections last so long


def described(variable):
    """A variable as the page and programs see it."""
    description = {
        "name": variable.name,
        "type": variable.type,
        "value": variable.json(),
        "writable": variable.writable,
    }
    if variable.options:
        description["options"] = variable.options
    return description


class Connection:
    """A reader and writer for microdot, which does not wait for ever for its other side."""

    def __init__(self, reader, writer):
        self.task = asyncio.current_task()
        self.page = None
        self._reader = reader
        self._writer = writer
        self._heard = False

    # A new read begins when the one before has got its data: that is when the other side was heard.
    def readline(self):
        self._heard = True
        return self._reader.readline()

    def readexactly(self, n):
        self._heard = True
        return self._reader.readexactly(n)

    read = readexactly  # microdot reads a frame's first two bytes so, and takes one for the end

    async def awrite(self, data):
        if data[:8] == b"HTTP/1.0":  # as microdot answers; browsers then keep no page to ask for again
            data = b"HTTP/1.1" + data[8:] + b"Connection: close\r\n"
        self._writer.write(data)
        await self._writer.drain()

    async def aclose(self):
        close(self._writer)

    def get_extra_info(self, name):
        return self._writer.get_extra_info(name)

    async def watch(self):
        """Ends the connection when its request takes too long, or its page does not answer a ping."""
        await sleep_ms(_SILENCE_MS)
        while self.page:
            self._heard = False
            try:
                await asyncio.wait_for(self.page.send(b"", WebSocket.PING), _SILENCE_MS / 1000)
            except (OSError, asyncio.TimeoutError):
                break
            await sleep_ms(_SILENCE_MS)
            if not self._heard:
                break
        self.task.cancel()


class Page(WebSocket):
    """An open page: gets everything first, then changes; its own writes are answered."""

    def __init__(self, request, registry, layout):
        super().__init__(request)
        self._registry = registry
        self._layout = layout
        self._peer = None
        self._lock = asyncio.Lock()

    async def send(self, data, opcode=None):
        async with self._lock:  # answers and changes are sent by two tasks
            await super().send(data, opcode)

    async def serve(self):
        self._peer = Peer(self._registry)
        try:
            await first_of(self._send_changes(), self._answer_writes())
        except (WebSocketError, OSError, EOFError, ValueError):
            pass  # it left, or sent what it may not
        except MemoryError as error:  # it comes back by itself, and then sees what is true
            log.warning("Dashboard: a page had to go: %s", error)
        finally:
            self._peer.leave()

    def show_layout(self):
        self._peer.tell(self._layout)

    async def _send_changes(self):
        registry = self._registry
        if self._layout.exists():
            await self._layout.send(self.send)
        await self._send_changed(list(registry) + [None])
        for past in registry.history.messages() if registry.history else ():
            await self.send(json.dumps({"history": past}))
        while True:
            changed = await self._peer.changes()
            if self._layout in changed:
                changed.remove(self._layout)
                await self._layout.send(self.send)
            await self._send_changed(changed)

    async def _send_changed(self, changed):
        message = {"variables": [described(v) for v in changed if v]}
        if None in changed:
            message["status"] = self._registry.status
        await self.send(json.dumps(message))

    async def _answer_writes(self):
        while True:
            await self._answer(await self.receive())

    async def _answer(self, text):
        try:
            message = json.loads(text)
            answer = {"id": message.get("id")}
            name = whole(str(message.get("name", "")))
        except (ValueError, AttributeError, RuntimeError):
            raise WebSocketError("not a JSON object") from None
        if "name" in message:
            if name not in self._registry:
                answer["error"] = "there is no variable %s" % name
            else:
                variable = self._registry[name]
                try:
                    self._registry.write(variable, message.get("value"), DASHBOARD, self._peer)
                except (ReadOnly, TypeError, ValueError) as error:
                    answer["error"] = str(error)
                    answer["variables"] = [described(variable)]
        await self.send(json.dumps(answer))
