"""The server's side of a WebSocket (RFC 6455), without fragments: browsers send short texts whole."""

from binascii import b2a_base64
from hashlib import sha1

from .access import Refused

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_WHOLE = 0x80  # in a frame's first byte: it is a message, and not a fragment of one
_MASKED = 0x80  # in the second, as all of a browser's must be
_MOST = 4096  # bytes of a message


class WebSocketError(Exception):
    """The browser leaves, or sends what it may not."""


class WebSocket:
    """Runs on a visitor."""

    def __init__(self, visitor):
        self._visitor = visitor

    async def accept(self, request):
        """Answers the request for a WebSocket. Raises Refused when it is for something else."""
        header = request.headers.get
        key = header("Sec-WebSocket-Key")
        connection = header("Connection", "").lower()
        if not key or "upgrade" not in connection or header("Upgrade", "").lower() != "websocket":
            raise Refused(400, "bad request")
        digest = sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        await self._visitor.awrite(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %s\r\n\r\n" % b2a_base64(digest)[:-1]
        )

    async def send(self, data, kind=TEXT):
        """Sends a text, or what a frame of another kind holds, in UTF-8 or bytes."""
        if isinstance(data, str):
            data = data.encode()
        size = len(data)
        head = bytearray((_WHOLE | kind, size if size < 126 else 126 if size < 65536 else 127))
        if size > 125:
            head.extend(size.to_bytes(2 if size < 65536 else 8, "big"))
        await self._visitor.awrite(head + data)

    async def receive(self):
        """The next text. Raises WebSocketError or EOFError when there will be none."""
        take = self._visitor.readexactly
        while True:
            self._visitor.heard = True
            first, second = await take(2)
            kind, size = first & 15, second & 127
            if size > 125:
                size = int.from_bytes(await take(2 if size == 126 else 8), "big")
            if not first & _WHOLE or not second & _MASKED or size > _MOST or kind >= CLOSE and size > 125:
                raise WebSocketError("a frame that is wrong, or too large")
            mask = await take(4)
            data = await take(size)
            if size:
                mask = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
                data = (int.from_bytes(data, "big") ^ mask).to_bytes(size, "big")
            if kind == PING:
                await self.send(data, PONG)
            elif kind == TEXT or kind == BINARY:
                return str(data, "utf-8")
            elif kind != PONG:
                raise WebSocketError("closed")
