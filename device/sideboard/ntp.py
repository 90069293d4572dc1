"""The clock set by NTP. Loaded when that is to be done."""

import time

from .clock import EPOCH
from .net import ask, resolve

NTP_PORT = 123


async def set_clock(server, timeout):
    """Sets the board's clock by NTP (RFC 5905). OSError or asyncio.TimeoutError when no good answer comes."""
    from machine import RTC

    answer = await ask(await resolve(server), NTP_PORT, b"\x1b" + bytes(47), timeout)
    # A server's answer (mode 4), by a clock that is set: no leap indicator 3, no stratum 0 ("kiss of death").
    if len(answer) < 48 or answer[0] & 7 != 4 or answer[0] >> 6 == 3 or not answer[1]:
        raise OSError("it has no time")
    # Seconds since 1900 wrap in 2036; those before 1968 belong to the next era.
    seconds = int.from_bytes(answer[40:44], "big")
    seconds += (1 << 32 if seconds < 1 << 31 else 0) - 2208988800
    date = time.gmtime(seconds - EPOCH)
    RTC().datetime(date[:3] + date[6:7] + date[3:6] + (0,))
