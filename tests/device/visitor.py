"""Visitors of a dashboard: a program that speaks HTTP, and a page on its WebSocket."""

import asyncio
import json

from loopback import HOST, free_port, soon
from sideboard import dashboard, visitor
from sideboard.compat import close
from sideboard.variables import Registry

_UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)
CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
WHOLE = 0x80


class Served(dashboard.Dashboard):
    """`async with Served(variables) as dashboard:` serves them on dashboard.port."""

    def __init__(self, variables=(), password=None, places=None, **options):
        self._places = places
        self.port = free_port()
        registry = Registry()
        for variable in variables:
            registry.add(variable)
        registry.set_status(title="Sideboard", cloud="offline", error=None)
        super().__init__(registry, self.port, HOST, password, names=("board",), **options)
        self._listening = asyncio.Event()
        self._visitors = []

    async def let_in(self):
        self.places = self._places or self.places
        self._listening.set()
        await super().let_in()

    async def __aenter__(self):
        self._task = asyncio.create_task(self.serve())
        await soon(self._listening.wait())
        return self

    async def __aexit__(self, *error):
        for one in self._visitors:
            one.close()
        self._task.cancel()
        try:
            await self._task
        except asyncio.CancelledError:
            pass
        await self.connections(0)

    async def connections(self, count):
        """Waits until so many are open."""

        async def counted():
            while len(self.visitors) != count:
                await asyncio.sleep(0)

        await soon(counted())

    async def visit(self, head=""):
        """A new connection that has sent the head of a request."""
        visitor = Visitor(*await soon(asyncio.open_connection(HOST, self.port)))
        self._visitors.append(visitor)
        await visitor.send(head)
        return visitor

    async def request(self, method, path, body=b"", headers=""):
        """(status, headers, body) of the answer; the names of the headers in lower case."""
        length = "Content-Length: %d\r\n" % len(body) if body else ""
        head = "%s %s HTTP/1.1\r\nHost: board\r\n%s%s\r\n" % (method, path, length, headers)
        visitor = await self.visit(head.encode() + body)
        try:
            status, headers = await visitor.head()
            return status, headers, await soon(visitor.reader.read())
        finally:
            visitor.close()

    async def json(self, method, path, value=None):
        """(status, JSON) of the answer, after a request with the value as JSON."""
        body = b"" if value is None else json.dumps(value).encode()
        status, headers, answer = await self.request(method, path, body)
        assert headers["content-type"].startswith("application/json"), headers
        return status, json.loads(answer)

    async def at_rest(self):
        """An open page that has taken everything."""
        page = await self.page()
        kind, data = await page.received()
        assert kind == PING
        await page.frame(data, PONG)
        return page

    async def full(self):
        """As many pages as there are places."""
        pages = []
        for _ in range(self.places):
            pages.append(await self.page())
        return pages

    async def page(self, headers="", hello=True):
        """An open page, which has got its first message."""
        visitor = await self.visit("GET /ws HTTP/1.1\r\nHost: board\r\n" + _UPGRADE + headers + "\r\n")
        status, headers = await visitor.head()
        assert status == 101 and headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        visitor.first = await visitor.message() if hello else None
        return visitor


class Visitor:
    """One connection to a dashboard."""

    def __init__(self, reader, writer):
        self.reader = reader
        self._writer = writer

    async def send(self, data):
        self._writer.write(data.encode() if isinstance(data, str) else data)
        await self._writer.drain()

    async def head(self):
        """Status and headers of an answer."""
        line = await soon(self.reader.readline())
        headers = {}
        while True:
            header = (await soon(self.reader.readline())).decode().strip()
            if not header:
                return int(line.split()[1]), headers
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()

    async def is_closed(self):
        """Waits until the other side has closed, whatever it says before."""
        try:
            while await soon(self.reader.read(1000)):
                pass
        except OSError:
            pass  # closed with our last bytes unread
        return True

    def close(self):
        close(self._writer)

    async def frame(self, data, opcode=TEXT):
        """Sends a masked frame."""
        data = data.encode() if isinstance(data, str) else data
        size = bytes([len(data) | 128]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        mask = b"\x11\x22\x33\x44"
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        await self.send(bytes([0x80 | opcode]) + size + mask + masked)

    async def received(self):
        """(opcode, data) of the next frame."""
        start = await soon(self.reader.readexactly(2))
        size = start[1]
        if size == 126:
            size = int.from_bytes(await soon(self.reader.readexactly(2)), "big")
        kind = start[0] if start[0] & 15 < CLOSE else start[0] & 15
        return kind, await soon(self.reader.readexactly(size)) if size else b""

    async def text(self):
        """The next text, which may come in several frames; pings are answered."""
        text = b""
        while True:
            opcode, data = await self.received()
            if opcode == PING:
                await self.frame(data, PONG)
                continue
            assert opcode & 15 == (CONTINUED if text else TEXT)
            text += data
            if opcode & WHOLE:
                return text.decode()

    async def hears_nothing(self):
        """Whether nothing comes for a moment."""
        try:
            await asyncio.wait_for(self.reader.readexactly(1), 0.1)
        except asyncio.TimeoutError:
            return True

    async def message(self):
        """The next JSON message."""
        return json.loads(await self.text())

    async def ask(self, **message):
        """Sends a JSON message and returns the next that comes."""
        await self.frame(json.dumps(message))
        return await self.message()


class Impatient:
    """Within `with Impatient():`, a silent connection is closed after a moment."""

    def __enter__(self):
        self._normal = visitor._ASKS_MS, visitor._TAKES_MS, visitor._SPEAKS_MS
        visitor._ASKS_MS, visitor._TAKES_MS, visitor._SPEAKS_MS = 60, 60, 20

    def __exit__(self, *error):
        visitor._ASKS_MS, visitor._TAKES_MS, visitor._SPEAKS_MS = self._normal
