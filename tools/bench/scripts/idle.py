"""A script for the official client, and for ours: how often its loop wakes in IDLE_SECONDS of rest.

Prints "idle: N wake-ups, N us of processor, N B allocated", connected; the last is MicroPython's, whose
collector rests meanwhile.
"""

import asyncio
import gc
import secrets
import ssl

from arduino_iot_cloud import ArduinoCloudClient

wakes = 0


def counted(wait):
    """`wait`, the loop's way to wait for sockets and timers: it counts how often that had to wait."""

    def waits(*args):
        global wakes
        wakes += args[1] != 0
        return wait(*args)

    return waits


if hasattr(asyncio, "core"):  # MicroPython's
    asyncio.core.IOQueue.wait_io_event = counted(asyncio.core.IOQueue.wait_io_event)
else:
    import selectors

    selectors.DefaultSelector.select = counted(selectors.DefaultSelector.select)


def processor():
    """Microseconds of processor that this process took."""
    with open("/proc/self/schedstat") as file:
        return int(file.read().split()[0]) // 1000


async def watch(seconds):
    while not client.registry.status.get("cloud") == "connected" if OURS else not client.thing_id:
        await asyncio.sleep(0.1)
    await asyncio.sleep(secrets.SETTLES)
    gc.collect()
    gc.disable()
    began, before, allocated = processor(), wakes, gc.mem_alloc() if OURS else 0
    await asyncio.sleep(seconds)
    count = wakes - before - 1  # but for the end of this
    allocated = gc.mem_alloc() - allocated if OURS else 0
    print("idle: %d wake-ups, %d us of processor, %d B allocated" % (count, processor() - began, allocated))
    gc.enable()


with open(secrets.CLOUD_CA, "rb") as file:
    authority = file.read()
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
)
OURS = hasattr(client, "registry")
client.register("ask", value=None, on_write=lambda client, value: None)
client.register("answer", value=None)
client.create_task("watch", watch, secrets.IDLE_SECONDS)
client.start()
