"""Runs on the simulated board: a client with a page, which tells what memory is free when it is asked to."""

import gc
import logging

from sideboard import ArduinoCloudClient


def on_level(client, value):
    client["applied"] = value


def on_measure(client, number):
    gc.collect()
    client["free"] = gc.mem_free()


logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
client.register("level", value=0, on_write=on_level)
client.register("applied", value=0)
client.register("measure", value=0, on_write=on_measure)
client.register("free", value=0)
client.start()
