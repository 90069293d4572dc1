"""A connection in memory: what comes on it, and what is sent. And what everyone may be told."""

import asyncio
import io
import json
import sys

MICROPYTHON = sys.implementation.name == "micropython"

if MICROPYTHON:

    class _Socket(io.IOBase):
        def __init__(self, data):
            self.sent = bytearray()
            came = io.BytesIO(data)
            self.read, self.readinto, self.readline = came.read, came.readinto, came.readline

        def close(self):
            pass

        def write(self, data):
            self.sent += data
            return len(data)

        def ioctl(self, request, argument):
            return argument if request == 3 else 0  # always ready

    def connection(data):
        """(reader, writer): the data comes, and then the end."""
        stream = asyncio.StreamReader(_Socket(data), {"peername": bytes(8)})
        return stream, stream

    def sent(writer):
        return bytes(writer.s.sent)

else:

    class _Writer:
        def __init__(self):
            self.sent = bytearray()
            self.write = self.sent.extend

        async def drain(self):
            await asyncio.sleep(0)

        def get_extra_info(self, name):
            return ("127.0.0.1", 1) if name == "peername" else None

        def close(self):
            pass

    def connection(data):
        """(reader, writer): the data comes, and then the end."""
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return reader, _Writer()

    def sent(writer):
        return bytes(writer.sent)


def is_text(data):
    """Whether bytes are UTF-8 by RFC 3629, which str() does not tell on MicroPython."""
    if not MICROPYTHON:
        return data.decode(errors="ignore").encode() == data
    at = 0
    while at < len(data):
        first = data[at]
        size = 1 if first < 0x80 else 2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4
        if first > 0x7F and not 0xC2 <= first < 0xF5 or at + size > len(data):
            return False
        code = first & (0x7F, 0x1F, 0x0F, 0x07)[size - 1]
        for byte in data[at + 1 : at + size]:
            if byte & 0xC0 != 0x80:
                return False
            code = code << 6 | byte & 0x3F
        if size > 2 and not (0, 0, 0, 0x800, 0x10000)[size] <= code < 0x110000 or 0xD800 <= code < 0xE000:
            return False
        at += size
    return True


def json_of(data):
    """What JSON in UTF-8 holds. AssertionError unless every browser takes it."""
    assert is_text(data), "no text: %r" % data

    def refuse(word):
        raise AssertionError("no JSON: " + word)

    try:
        return json.loads(data) if MICROPYTHON else json.loads(data, parse_constant=refuse)
    except ValueError:
        raise AssertionError("no JSON: %r" % data) from None


def check_value(value):
    """What a variable may hold: a sound text, a number of 64 bits, or parts."""
    if isinstance(value, dict):
        for part in value.values():
            check_value(part)
    elif isinstance(value, str):
        assert is_text(value.encode()), "no text: %r" % value
    elif type(value) is int:
        assert -(1 << 63) <= value < 1 << 63, "more than 64 bits: %d" % value
    else:
        assert value is None or type(value) in (bool, float), "%r" % value
