"""What MicroPython and CPython do differently, in one small place."""

import gc
import socket
import sys

MICROPYTHON = sys.implementation.name == "micropython"

if MICROPYTHON:
    from asyncio import sleep_ms
    from time import ticks_add, ticks_diff, ticks_ms

    import micropython

    def close(stream):
        """Closes at once, whatever is still to be written: Stream.close() does nothing."""
        stream.s.close()

    def socket_of(stream):
        return stream.s

    def ended(server):
        """Awaited: until the server does not listen any more."""
        return server.task

else:
    from .cpython import close, ended, sleep_ms, socket_of, ticks_add, ticks_diff, ticks_ms  # noqa: F401


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
