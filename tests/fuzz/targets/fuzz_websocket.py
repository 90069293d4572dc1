"""Frames of a browser: texts that are sound, one after another, until the end or what is no frame."""

from sideboard.websocket import WebSocket, WebSocketError
from wire import connection, is_text

_MASK = b"\0\0\0\0"
SEEDS = (
    b"\x81\x82" + _MASK + b"{}" + b"\x89\x80" + _MASK + b"\x8a\x80" + _MASK,
    b"\x81\xfe\0\x80" + _MASK + b"a" * 128,
    b"\x81\x83\x11\x22\x33\x44" + bytes(a ^ b for a, b in zip("€".encode(), b"\x11\x22\x33")),
    b"\x82\xff\0\0\0\0\0\0\0\x02" + _MASK + b"{}" + b"\x88\x82" + _MASK + b"\x03\xe8",
    b"\x81\xfe\x10\0" + _MASK + b"a" * 4096,
    b"\x01\x81" + _MASK + b"a" + b"\x80\x81" + _MASK + b"b",
)


class _Visitor:
    pending = True

    def dismiss(self, word):
        assert word[:2] == b"\x88\x02" and int.from_bytes(word[2:], "big") in (1002, 1007, 1009)


async def check(data):
    visitor = _Visitor()
    visitor.readexactly = connection(data)[0].readexactly
    socket = WebSocket(visitor)
    texts = 0
    try:
        while True:
            text = await socket.receive()
            texts += 1
            assert text is None or isinstance(text, str) and len(text) <= 4096 and is_text(text.encode())
            assert texts <= len(data) / 6, "more frames than came"
    except (WebSocketError, EOFError):
        assert len(socket._pong) <= 127
