"""What the modules share, and what MicroPython and CPython do differently, in one small place."""

import asyncio
import logging
import sys
import time

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

log = logging.getLogger("sideboard")

# Unix time of the port's epoch: 2000 on esp32 and stm32, 1970 elsewhere.
EPOCH = 946684800 if time.gmtime(0)[0] == 2000 else 0


class SettingsError(ValueError):
    """A setting is missing or wrong; the text is one sentence that names it."""


def now():
    """Unix time in seconds (an int where the port has no better), or None while the clock is not set."""
    seconds = time.time() + EPOCH
    return seconds if seconds > 1750000000 else None  # no board's clock is right and shows less


_ticks = ticks_ms()
_uptime = 0  # ms; ticks wrap after days, so it must be asked for more often than that


def uptime():
    """Seconds since the start, whatever the clock says."""
    global _ticks, _uptime
    ticks = ticks_ms()
    _uptime += ticks_diff(ticks, _ticks)
    _ticks = ticks
    return _uptime // 1000


def forget(name):
    """Frees the memory of a module of this package that is needed once."""
    del sys.modules["sideboard." + name]
    delattr(sys.modules["sideboard"], name)


async def first_of(*coroutines):
    """Runs all until the first ends, cancels the others, and raises what the first raised."""
    ended = asyncio.Event()
    errors = []

    async def run(coroutine):
        try:
            await coroutine
        except Exception as error:
            errors.append(error)
        ended.set()

    tasks = [asyncio.create_task(run(coroutine)) for coroutine in coroutines]
    try:
        await ended.wait()
    finally:
        for task in tasks:
            task.cancel()
    await sleep_ms(0)  # lets them end
    if errors:
        raise errors[0]


def is_coroutine(thing):
    return hasattr(thing, "throw")


def raised(what, error):
    """Logs what the script's own code raised."""
    log.exception("%s raised", what, exc_info=error)


async def guarded(what, coroutine):
    """Awaits what is the script's: an exception is logged, and ends nothing else."""
    try:
        await coroutine
    except Exception as error:
        raised(what, error)


def no_delay(stream):
    """Switches Nagle's algorithm off, where the port can: it holds small messages back for 40 ms."""
    try:
        # The numbers of IPPROTO_TCP and TCP_NODELAY are the same on every port; few name them.
        socket_of(stream).setsockopt(6, 1, 1)
    except (AttributeError, OSError, ValueError):
        pass
