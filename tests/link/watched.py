"""Runs on the simulated board: counts how often on_write ran, and watches the loop."""

import asyncio
import gc
import logging
import secrets
from time import ticks_diff, ticks_us

from sideboard import ArduinoCloudClient


def waited():
    """Microseconds for which this process was ready to run while the computer ran others."""
    try:
        with open("/proc/self/schedstat") as file:
            return int(file.read().split()[1]) // 1000
    except OSError:  # not on Linux
        return 0


async def watch(seconds):
    while not client.connected:
        await asyncio.sleep(0.1)
    print("watching")
    gc.collect()
    longest = 0
    before, delay = start, _ = ticks_us(), waited()
    while ticks_diff(before, start) < seconds * 1000000:
        await asyncio.sleep_ms(1)
        after, delay_after = ticks_us(), waited()
        longest = max(longest, ticks_diff(after, before) - 1000 - (delay_after - delay))
        before, delay = after, delay_after
    print("longest stop: %d us" % longest)


def on_level(client, value):
    client["applied"] += 1


logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
client.register("level", value=0, on_write=on_level)
client.register("applied", value=0)
client.create_task("watch", watch, secrets.WATCH_SECONDS)
client.start()
