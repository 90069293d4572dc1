"""A visitor's connection, the page that may be open on it, and its layout, a file that is streamed."""

import asyncio
import json
import os

from microdot.websocket import WebSocket, WebSocketError

from .compat import sleep_ms
from .variables import DASHBOARD, whole

_SILENCE_MS = 15000  # a page is pinged so often and must answer in time; other connections last so long


def described(variable):
    """A variable as the page and programs see it."""
    description = {
        "name": variable.name,
        "type": variable.type,
        "value": variable.json(),
        "writable": variable.on_write is not None,
    }
    if variable.options:
        description["options"] = variable.options
    return description


def access(registry, name, peer, *values):
    """A variable, or an error, each with HTTP's status. If a value is given, the peer writes it first."""
    if name not in registry:
        return {"error": "there is no variable %s" % name}, 404
    variable = registry[name]
    try:
        for value in values:
            registry.write(variable, value, DASHBOARD, peer)
    except (AttributeError, TypeError, ValueError) as error:
        code = 403 if isinstance(error, AttributeError) else 409 if isinstance(error, TypeError) else 422
        return {"error": str(error)}, code
    return described(variable), 200


def opened(name):
    """The file; None when there is none, and the layout is automatic."""
    try:
        return open(name)
    except OSError:
        return None


class Connection(WebSocket):
    """A reader and writer for microdot; then, if a page is opened on it, its WebSocket."""

    def __init__(self, reader, writer):
        self.task = asyncio.current_task()
        self.peer = None  # of the open page
        self.readline = reader.readline
        self.readexactly = reader.readexactly
        self.get_extra_info = writer.get_extra_info
        self.writer = writer
        self.lock = asyncio.Lock()
        self.heard = True

    def read(self, n):
        self.heard = True  # microdot begins a frame so: the one before has come
        return self.readexactly(n)

    async def awrite(self, data):
        if data[:8] == b"HTTP/1.0":  # as microdot answers; browsers then keep no page to ask for again
            data = b"HTTP/1.1" + data[8:] + b"Connection: close\r\n"
        await self.lock.acquire()  # answers and changes are sent by two tasks
        self.writer.write(data)
        await self.writer.drain()
        self.lock.release()  # not after an error: then nothing may follow

    async def aclose(self):
        pass  # the page may follow

    async def watch(self):
        """Ends the connection when its request takes too long, or its page does not answer a ping."""
        while self.heard:
            self.heard = False
            if self.peer:
                self.peer.tell("")  # a ping
            await sleep_ms(_SILENCE_MS)
        self.task.cancel()

    async def tell(self, registry, layout):
        """Sends everything, then what its peer is told: variables; None: status; False: layout; "": ping."""
        changed = list(registry) + [None]
        pasts = registry.history.messages() if registry.history else ()
        file = opened(layout)
        while True:
            if file or False in changed:
                piece = True
                while piece:  # the last is empty
                    piece = file.read(512) if file else ""
                    await self.send("L" + piece)
                if file:
                    file.close()
            if "" in changed:
                await self.send(b"", self.PING)
            if changed != {""}:
                message = {"variables": [described(v) for v in changed if v]}
                if None in changed:
                    message["status"] = registry.status
                await self.send(json.dumps(message))
            for past in pasts:
                await self.send(json.dumps({"history": past}))
            pasts = ()
            changed = await self.peer.changes()
            file = False in changed and opened(layout)

    async def listen(self, registry):
        """Takes the page's writes and answers them, until it leaves, or sends what it may not."""
        while True:
            try:
                message = json.loads(await self.receive())
                reply = {"id": message.get("id")}
                name = whole(str(message.get("name", "")))
            except (WebSocketError, ValueError, RuntimeError, AttributeError):
                return
            if "name" in message:
                answer, code = access(registry, name, self.peer, message.get("value"))
                if code != 200:
                    reply.update(answer)
                    if name in registry:
                        reply["variables"] = [described(registry[name])]
            await self.send(json.dumps(reply))


async def receive(request, write):
    """Gives the body of a request to `write`, in pieces."""
    left = request.content_length
    while left > 0:
        piece = await request.stream.readexactly(min(left, 512))
        write(piece)
        left -= len(piece)


async def save(request, name):
    """Takes the layout that a request brings, or removes it. ValueError when it is none: nothing changed."""
    if request.method == "DELETE":
        try:
            os.remove(name)
        except OSError:
            pass  # there was none
        return
    new = name + ".new"
    try:
        with open(new, "wb") as file:
            await receive(request, file.write)
        charted(new)
        os.rename(new, name)
    except BaseException:
        os.remove(new)
        raise


def charted(name):
    """The names that its charts give their variables; in some templates these are ids, or titles.

    ValueError when the file holds no layout.
    """
    names = set()
    with open(name) as file:
        try:
            for widget in json.load(file)["widgets"]:
                if widget.get("type") in ("Chart", "AdvancedChart"):
                    for variable in widget.get("variables") or ():
                        names.update((variable.get("variable_id"), variable.get("name")))
        except (ValueError, RuntimeError, KeyError, TypeError, AttributeError):
            raise ValueError('a layout is JSON like {"widgets": [...]}') from None
    return names
