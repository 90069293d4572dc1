"""Runs on the simulated board: MANY variables of its Thing, each with four options, or with none.

PLAIN: without options. It prints each second what of the heap is used.
"""

import asyncio
import gc
import logging
from secrets import MANY, PLAIN

from sideboard import ArduinoCloudClient


def on_write(client, value):
    gc.collect()
    print("free", gc.mem_free())


async def report(client):
    while True:
        await asyncio.sleep(1)
        gc.collect()
        print("connected %s, used %d" % (client.connected, gc.mem_alloc()))


logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
for number in range(MANY):
    name = "variable%d" % number
    options = {} if PLAIN else {"title": "Number", "min": 0, "max": 1000, "unit": "%"}
    client.register(name, value=number, on_write=on_write, **options)
client.create_task("report", report, client)
client.start()
