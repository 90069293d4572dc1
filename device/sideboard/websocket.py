"""The server's side of a WebSocket (RFC 6455): texts of bounded size to the board, of any size from it.

A browser gets the next piece when it has taken the last: behind each piece goes a ping, which every browser
answers by itself. So what is under way to a page is never more than a piece.
"""

import asyncio
from binascii import b2a_base64
from hashlib import sha1

from .access import Refused
from .compat import text_of
from .net import PIECE

_CONTINUED, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0, 1, 2, 8, 9, 10
_WHOLE = 0x80  # in a frame's first byte: the message ends with it
_MASKED = 0x80  # in the second, as all of a browser's must be
_MOST = 4096  # bytes of a message


class WebSocketError(OSError):
    """The browser leaves, or sends what it may not."""


class WebSocket:
    """Runs on a visitor."""

    def __init__(self, visitor):
        self._visitor = visitor
        self._taken = asyncio.Event()
        self._pong = b""

    async def accept(self, request):
        """Answers the request for a WebSocket. Raises Refused when it is for something else."""
        header = request.headers.get
        key = header("Sec-WebSocket-Key")
        connection = header("Connection", "").lower()
        if not key or "upgrade" not in connection or header("Upgrade", "").lower() != "websocket":
            raise Refused(400, "this is a WebSocket")
        digest = sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        await self._visitor.send(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %s\r\n\r\n" % b2a_base64(digest)[:-1]
        )

    async def send(self, *messages):
        """Sends messages, and returns when the browser has them. Without one it just asks.

        A message is a text, or an iterator of its pieces.
        """
        frames = bytearray()
        for message in messages:
            kind = _TEXT
            for text in (message,) if isinstance(message, str) else message:
                data = text.encode()
                at = 0
                while at < len(data):
                    if len(frames) > PIECE // 2:
                        await self._send(frames)
                        frames = bytearray()
                    part = data[at : at + PIECE - len(frames) - 8]  # three heads
                    at += len(part)
                    frames += _head(kind, len(part)) + part
                    kind = _CONTINUED
            frames += _head(kind | _WHOLE, 0)  # the end
        await self._send(frames)

    async def _send(self, frames):
        self._taken.clear()
        self._visitor.pending = True
        pong, self._pong = self._pong, b""
        await self._visitor.send(pong + frames + _head(_PING | _WHOLE, 0))
        await self._taken.wait()

    async def receive(self):
        """The next text; None for a ping, which the next sending answers.

        Raises WebSocketError or EOFError when there will be none.
        """
        take = self._visitor.readexactly
        while True:
            first, second = await take(2)
            kind, size = first & 15, second & 127
            if size > 125:
                size = int.from_bytes(await take(2 if size == 126 else 8), "big")
            if not first & _WHOLE or not second & _MASKED or size > _MOST or kind >= _CLOSE and size > 125:
                self.end(1009 if size > _MOST else 1002)
            mask = await take(4)
            data = await take(size)
            if size:
                mask = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
                data = (int.from_bytes(data, "big") ^ mask).to_bytes(size, "big")
            if kind == _PING:
                self._pong = _head(_PONG | _WHOLE, size) + data
                return None
            if kind == _TEXT or kind == _BINARY:
                try:
                    return text_of(data)
                except ValueError:
                    self.end(1007)
            if kind == _CLOSE:
                raise WebSocketError
            if kind != _PONG:
                self.end(1002)
            self._visitor.pending = False
            self._taken.set()

    def end(self, code):
        """Closes, and says why, to a browser that sends what it may not."""
        self._visitor.dismiss(last_word(code))
        raise WebSocketError


def _head(kind, size):
    """The first bytes of a frame of less than 64 KB."""
    return bytes((kind, size)) if size < 126 else bytes((kind, 126, size >> 8, size & 255))


def last_word(code):
    """A frame that closes, and says why: https://www.iana.org/assignments/websocket/websocket.xhtml"""
    return _head(_CLOSE | _WHOLE, 2) + code.to_bytes(2, "big")
