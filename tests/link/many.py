"""Runs on the simulated board: as many variables as the cloud's Thing has, each with four options."""

import gc
import logging
from secrets import MANY

from sideboard import ArduinoCloudClient


def on_write(client, value):
    gc.collect()
    print("free", gc.mem_free())


logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
for number in range(MANY):
    name = "variable%d" % number
    options = {"title": "Number %d" % number, "min": 0, "max": 1000, "unit": "%"}
    client.register(name, value=number, on_write=on_write, **options)
client.start()
