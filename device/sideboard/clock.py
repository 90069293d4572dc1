"""The board's clock: what time it is, and how long the board runs."""

import asyncio
import time

from .compat import MICROPYTHON, ticks_diff, ticks_ms
from .errors import log

# Unix time of the port's epoch: 2000 on esp32 and stm32, 1970 elsewhere.
EPOCH = 946684800 if time.gmtime(0)[0] == 2000 else 0


def now():
    """Unix time in seconds (an int where the port has no better), or None while the clock is not set."""
    seconds = time.time() + EPOCH
    return seconds if seconds > 1750000000 else None  # no board's clock is right and shows less


_ticks = ticks_ms()
_uptime = 0  # ms; ticks wrap after days, so it must be asked for more often than that


def uptime(ms=1000):
    """Seconds since the start, whatever the clock says, or other units of so many milliseconds."""
    global _ticks, _uptime
    ticks = ticks_ms()
    _uptime += ticks_diff(ticks, _ticks)
    _ticks = ticks
    return _uptime // ms


async def renew_clock(server, timeout):
    """Sets the clock by NTP; logs why where that fails. A computer's clock is its own business."""
    if MICROPYTHON:
        try:
            from .ntp import set_clock

            await set_clock(server, timeout)
        except (OSError, asyncio.TimeoutError, ImportError) as error:
            log.warning("The clock is not set: %s does not answer (%s)", server, error)
