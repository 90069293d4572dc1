"""Runs on the simulated board: a client whose loop is watched. Prints the longest stop of the loop, in ms."""

import asyncio
import gc
import logging
import secrets
from time import ticks_diff, ticks_us

from sideboard import ArduinoCloudClient, dns

dns.DNS_PORT = getattr(secrets, "DNS_PORT", 53)


def waited():
    """Microseconds for which this process was ready to run while the computer ran others."""
    try:
        with open("/proc/self/schedstat") as file:
            return int(file.read().split()[1]) // 1000
    except OSError:  # not on Linux
        return 0


async def watch(seconds):
    gc.collect()
    longest = 0
    before, delay = start, _ = ticks_us(), waited()
    while ticks_diff(before, start) < seconds * 1000000:
        await asyncio.sleep_ms(1)
        after, delay_after = ticks_us(), waited()
        longest = max(longest, ticks_diff(after, before) - 1000 - (delay_after - delay))
        before, delay = after, delay_after
    print("longest stop: %d us" % longest)


logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient(ssl_params=getattr(secrets, "SSL_PARAMS", None))
client.register("switch", value=False, on_write=lambda client, value: None)
client.create_task("watch", watch, secrets.WATCH_SECONDS)
client.start()
