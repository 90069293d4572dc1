"""What MicroPython and CPython do differently, in one small place."""

import asyncio
import io
import logging
import sys
import time

log = logging.getLogger("sideboard")

# Unix time of the port's epoch: 2000 on esp32 and stm32, 1970 elsewhere.
EPOCH = 946684800 if time.gmtime(0)[0] == 2000 else 0
_BUILT = 1750000000  # no board's clock is right and shows less

try:
    from asyncio import sleep_ms
    from time import ticks_diff, ticks_ms

    MICROPYTHON = True
except ImportError:
    import traceback

    MICROPYTHON = False

    def sleep_ms(ms):
        return asyncio.sleep(ms / 1000)

    def ticks_ms():
        return time.monotonic_ns() // 1000000

    def ticks_diff(later, earlier):
        return later - earlier

    def _alias(name):
        # umqtt.simple asks for MicroPython's old module names.
        if "u" + name not in sys.modules:
            sys.modules["u" + name] = __import__(name)

    for _name in ("socket", "struct", "binascii"):
        _alias(_name)


class SettingsError(ValueError):
    """A setting is missing or wrong; the text is one sentence that names it."""


def now():
    """Unix time in seconds (an int where the port has no better), or None while the clock is not set."""
    seconds = time.time() + EPOCH
    return seconds if seconds > _BUILT else None


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
    package = sys.modules[__name__[: __name__.rindex(".")]]
    del sys.modules["%s.%s" % (package.__name__, name)]
    delattr(package, name)


async def first_of(*coroutines):
    """Runs all until the first ends, cancels the others, and raises what the first raised."""
    ended = asyncio.Event()
    errors = []

    async def run(coroutine):
        try:
            await coroutine
        except asyncio.CancelledError:
            pass  # the end of this task
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
    return hasattr(thing, "send") and hasattr(thing, "throw")


def log_exception(what, error):
    """Logs `what` and the traceback of `error`."""
    text = io.StringIO()
    if MICROPYTHON:
        sys.print_exception(error, text)
    else:
        traceback.print_exception(type(error), error, error.__traceback__, file=text)
    log.error("%s\n%s", what, text.getvalue())


def close(stream):
    """Closes at once, whatever is still to be written."""
    if MICROPYTHON:
        stream.s.close()  # Stream.close() does nothing
    else:
        stream.close()


def no_delay(stream):
    """Switches Nagle's algorithm off, where the port can: it holds small messages back for 40 ms."""
    try:
        # The numbers of IPPROTO_TCP and TCP_NODELAY are the same on every port; few name them.
        sock = stream.get_extra_info("socket") if not MICROPYTHON else stream.s
        sock.setsockopt(6, 1, 1)
    except (AttributeError, OSError, ValueError):
        pass
