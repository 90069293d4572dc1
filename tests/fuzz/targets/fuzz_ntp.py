"""A time server's answers: a date for the clock, or OSError."""

import asyncio
import sys

from sideboard import ntp


class _Clock:
    date = None

    def datetime(self, date):
        _Clock.date = date


class _Machine:
    RTC = _Clock


SEEDS = (
    b"\x24\2" + bytes(38) + b"\xe9\xde\x30\x80" + bytes(4),
    b"\x24\2" + bytes(38) + b"\0\0\x30\x80" + bytes(4),
    b"\x24\0KISS" + bytes(42),
    b"\xe4\2" + bytes(46),
)


async def check(data):
    async def answer(*args):
        return data[:512]

    async def address(server):
        return server

    normal = ntp.ask, ntp.resolve, sys.modules.get("machine")
    ntp.ask, ntp.resolve, sys.modules["machine"] = answer, address, _Machine
    _Clock.date = None
    try:
        await ntp.set_clock("server", 1)
        year, month, day, weekday, hour, minute, second, fraction = _Clock.date
        assert 1968 <= year <= 2104 and 1 <= month <= 12 and 1 <= day <= 31, _Clock.date
        assert 0 <= weekday < 7 and hour < 24 and minute < 60 and second < 60 and not fraction, _Clock.date
        assert len(data) >= 48
    except (OSError, asyncio.TimeoutError):
        assert _Clock.date is None
    finally:
        ntp.ask, ntp.resolve, machine = normal
        if machine:
            sys.modules["machine"] = machine
        else:
            del sys.modules["machine"]
