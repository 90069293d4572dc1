"""What MicroPython and CPython do differently, in one small place."""

import sys

MICROPYTHON = sys.implementation.name == "micropython"

if MICROPYTHON:
    from asyncio import sleep_ms
    from time import ticks_diff, ticks_ms

    def close(stream):
        """Closes at once, whatever is still to be written: Stream.close() does nothing."""
        stream.s.close()

    def socket_of(stream):
        return stream.s

else:
    from .cpython import close, sleep_ms, socket_of, ticks_diff, ticks_ms  # noqa: F401


def is_coroutine(thing):
    return hasattr(thing, "throw")


def no_delay(stream):
    """Switches Nagle's algorithm off, where the port can: it holds small messages back for 40 ms."""
    try:
        # The numbers of IPPROTO_TCP and TCP_NODELAY are the same on every port; few name them.
        socket_of(stream).setsockopt(6, 1, 1)
    except (AttributeError, OSError, ValueError):
        pass


def forget(name):
    """Frees the memory of a module of this package that is needed once."""
    del sys.modules["sideboard." + name]
    delattr(sys.modules["sideboard"], name)
