"""What MicroPython and CPython do differently, in one small place."""

import asyncio
import gc
import socket
import sys

MICROPYTHON = sys.implementation.name == "micropython"

if MICROPYTHON:
    import re
    from asyncio import sleep_ms
    from logging import getLogger as root_logger
    from time import ticks_add, ticks_diff, ticks_ms

    import micropython

    # What str() lets pass: characters in too many bytes, halves of characters, and what is beyond U+10FFFF.
    _NO_TEXT = b"[\xc0\xc1\xf5-\xf7]|\xe0[\x80-\x9f]|\xed[\xa0-\xbf]|\xf0[\x80-\x8f]|\xf4[\x90-\xbf]"

    def _joined(halves):
        """The UTF-8 of a character beyond U+FFFF, of which JSON left the halves that it is escaped in."""
        a = halves.group(0)
        high = ((a[1] & 15) << 6 | a[2] & 63) + 64
        return bytes((0xF0 | high >> 8, 0x80 | high >> 2 & 63, 0x80 | (high & 3) << 4 | a[4] & 15, a[5]))

    def close(stream):
        """Closes at once, whatever is still to be written: Stream.close() does nothing."""
        stream.s.close()

    def socket_of(stream):
        return stream.s

    def has_memory(size):
        """Whether so many bytes of the heap are free."""
        if gc.mem_free() < size:
            gc.collect()
        return gc.mem_free() >= size

    async def read_line(stream, most):
        """A line, or about the first `most` bytes of it, or what comes before the end."""
        line = b""
        while len(line) < most and line[-1:] != b"\n":
            await stream.read(0)  # nothing: it waits until something is there
            part = stream.s.readline(128)
            if part == b"":
                break
            line += part or b""
        return line

    async def accept(listener):
        """The reader and the writer of the next connection."""
        await asyncio.StreamReader(listener).read(0)
        one, peer = listener.accept()
        one.setblocking(False)
        stream = asyncio.StreamReader(one, {"peername": peer})
        return stream, stream

else:
    from .cpython import (  # noqa: F401
        accept,
        close,
        has_memory,
        read_line,
        root_logger,
        sleep_ms,
        socket_of,
        ticks_add,
        ticks_diff,
        ticks_ms,
    )


def text_of(data):
    """Text that came from outside, as bytes in UTF-8 or as JSON's str. ValueError unless it is Unicode.

    It looks at bytes: MicroPython keeps every character that was once taken out of a text, for ever.
    """
    encoded = data.encode() if isinstance(data, str) else data
    text = str(encoded, "utf-8")
    if MICROPYTHON and len(text) < len(encoded):
        if encoded is not data:
            text = str(re.sub(b"\xed[\xa0-\xaf].\xed[\xb0-\xbf].", _joined, encoded), "utf-8")
        if re.search(_NO_TEXT, text):
            raise ValueError("no text in UTF-8")
    return text


def is_coroutine(thing):
    return hasattr(thing, "throw")


def no_delay(stream):
    """Switches Nagle's algorithm off, where the port can: it holds small messages back for 40 ms."""
    option = getattr(socket, "TCP_NODELAY", None)
    if option is None and not hasattr(socket, "print_pcbs"):
        option = 1  # as everywhere but on lwIP, which says so since MicroPython 1.24, and cannot before
    try:
        if option:
            socket_of(stream).setsockopt(6, option, 1)  # IPPROTO_TCP
    except (AttributeError, OSError, ValueError):
        pass


def load(*names):
    """Imports modules as small as can be: one after the other, without line numbers, and then cleared up."""
    if MICROPYTHON:
        level = micropython.opt_level()
        micropython.opt_level(3)
    for name in names:
        __import__(name)
        gc.collect()
    if MICROPYTHON:
        micropython.opt_level(level)


def forget(name):
    """Frees the memory of a module of this package that is needed once."""
    del sys.modules["sideboard." + name]
    delattr(sys.modules["sideboard"], name)
