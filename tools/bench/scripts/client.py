"""A script for the official client, and for ours, which takes it as it is: what the measurements ask of both.

Sets `answer` to what is written to `ask`; told WATCH_SECONDS, prints the longest stop of the client's loop.
"""

import asyncio
import gc
import logging
import secrets
import ssl
import time

from arduino_iot_cloud import ArduinoCloudClient


def waited():
    """Microseconds for which this process was ready to run while the computer ran others."""
    try:
        with open("/proc/self/schedstat") as file:
            return int(file.read().split()[1]) // 1000
    except OSError:  # not on Linux
        return 0


def on_ask(client, value):
    client["answer"] = value


async def watch(seconds):
    gc.collect()
    longest = 0
    before, delay = time.time_ns() // 1000, waited()
    end = before + seconds * 1000000
    while before < end:
        await asyncio.sleep(0.001)
        after, delay_after = time.time_ns() // 1000, waited()
        longest = max(longest, after - before - 1000 - (delay_after - delay))
        before, delay = after, delay_after
    print("longest stop: %d us" % longest)


with open(secrets.CLOUD_CA, "rb") as file:
    authority = file.read()
logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient(
    device_id=secrets.DEVICE_ID,
    username=secrets.DEVICE_ID,
    password=secrets.SECRET_KEY,
    server=secrets.CLOUD_SERVER,
    port=secrets.CLOUD_PORT,
    ssl_params={
        "verify_mode": ssl.CERT_REQUIRED,
        "cadata": authority,
        "server_hostname": secrets.CLOUD_SERVER,
    },
    sync_mode=hasattr(secrets, "SYNC"),
)
client.register("ask", value=None, on_write=on_ask)
client.register("answer", value=None)
if hasattr(secrets, "WATCH_SECONDS"):
    client.create_task("watch", watch, secrets.WATCH_SECONDS)
client.start()
while hasattr(secrets, "SYNC"):
    client.update()
    time.sleep(0.1)
