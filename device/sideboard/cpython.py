"""What CPython does otherwise than MicroPython. Never put onto a board."""

import asyncio
import sys
import time
import types

# umqtt.simple asks for MicroPython's old module names, and everyone for const().
for _name in ("socket", "struct", "binascii"):
    sys.modules.setdefault("u" + _name, __import__(_name))
sys.modules.setdefault("micropython", types.SimpleNamespace(const=lambda number: number))


def sleep_ms(ms):
    return asyncio.sleep(ms / 1000)


def ticks_ms():
    return time.monotonic_ns() // 1000000


def ticks_diff(later, earlier):
    return later - earlier


def close(stream):
    stream.close()


def socket_of(stream):
    return stream.get_extra_info("socket")
