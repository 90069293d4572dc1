"""Runs on the simulated board without a collector: each write of `probe` prints what was allocated so far.

READS: `heat` is read each second.
"""

import gc
import logging
from secrets import READS

from sideboard import ArduinoCloudClient


def on_probe(client, value):
    print("probe %d: %d B" % (value, gc.mem_alloc()))
    if value == 0:  # all is set up
        gc.collect()
        gc.disable()


def on_read(client):
    global degrees
    degrees += 0.5
    return degrees


degrees = 0.0
logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
client.register("probe", value=-1, on_write=on_probe)
client.register("lamp", value=0, on_write=lambda client, value: None)
if READS:
    client.register("heat", on_read=on_read, interval=1.0)
client.start()
