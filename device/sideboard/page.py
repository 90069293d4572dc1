"""A visitor's connection, the page that may be open on it, and its layout, a file that is streamed."""

import asyncio
import json
import os

from microdot.websocket import WebSocket

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


def refused(registry, name, peer, *values):
    """Writes the value, if one is given; when that is not to be done, returns the error and HTTP's status."""
    if name not in registry:
        return {"error": "there is no variable %s" % name}, 404
    try:
        for value in values:
            registry.write(registry[name], value, DASHBOARD, peer)
    except (AttributeError, TypeError, ValueError) as error:
        return {"error": str(error)}, {AttributeError: 403, TypeError: 409}.get(type(error), 422)


class Connection(WebSocket):
    """A reader and writer for microdot; then, if a page is opened on it, its WebSocket."""

    peer = None  # of the open page

    def __init__(self, reader, writer):
        self.task = asyncio.current_task()
        self.readline = reader.readline
        self.readexactly = reader.readexactly
        self.get_extra_info = writer.get_extra_info
        self.writer = writer
        self.lock = asyncio.Lock()

    def read(self, n):
        self.heard = True  # microdot begins a frame so: the page is new, or the frame before has come
        return self.readexactly(n)

    async def awrite(self, data):
        if data[:8] == b"HTTP/1.0":  # as microdot answers; browsers then keep no page to ask for again
            data = b"HTTP/1.1%sConnection: close\r\n" % data[8:]
        await self.lock.acquire()  # answers and changes are sent by two tasks
        self.writer.write(data)
        await self.writer.drain()
        self.lock.release()  # not after an error: then nothing may follow

    async def aclose(self):
        pass  # the page may follow

    async def watch(self):
        """Ends when a request takes too long, or a page does not answer a ping. Begins before listen()."""
        while True:
            self.heard = False
            await sleep_ms(_SILENCE_MS)
            if not self.heard:
                return
            self.peer.tell(self.PING)

    async def tell(self, registry, layout):
        """Sends everything, then what its peer is told of: variables, None (the status), the layout, PING."""
        changed = ()
        first = True
        while True:
            file = None
            if first or layout in changed:
                try:
                    file = open(layout)
                except OSError:
                    pass  # there is none, and the layout is automatic
            if file or layout in changed:
                piece = True
                while piece:  # the last is empty
                    piece = file.read(512) if file else ""
                    await self.send("L" + piece)
                if file:
                    file.close()
            if self.PING in changed:
                await self.send(b"", self.PING)
            variables = []
            for variable in registry:
                if first or variable in changed:
                    variables.append(described(variable))
            message = {"variables": variables}
            if first or None in changed:
                message["status"] = registry.status
            if changed != {self.PING}:
                await self.send(json.dumps(message))
            if first and registry.history:
                for past in registry.history.messages():
                    await self.send(json.dumps({"history": past}))
            first = False
            changed = await self.peer.changes()

    async def listen(self, registry):
        """Takes the page's writes and answers them, until it leaves, or sends what it may not."""
        while True:
            message = json.loads(await self.receive())
            reply = {"id": message.get("id")}
            if "name" in message:
                name = whole(str(message["name"]))
                error = refused(registry, name, self.peer, message.get("value"))
                if error:
                    reply.update(error[0])
                    if name in registry:
                        reply["variables"] = [described(registry[name])]
            await self.send(json.dumps(reply))


async def receive(request, write):
    """Gives the body of a request to `write`, in pieces."""
    left = request.content_length
    while left > 0:
        write(await request.stream.readexactly(min(left, 512)))
        left -= 512


async def save(request, name):
    """Takes the layout that a request brings, or removes it. ValueError when it is none: nothing changed."""
    new = name + ".new" if request.method == "PUT" else name
    try:
        if new != name:
            with open(new, "wb") as file:
                await receive(request, file.write)
            charted(new)
            os.rename(new, name)
    finally:
        try:
            os.remove(new)
        except OSError:
            pass  # it has its name, or there was none


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
