"""Runs on the board: as many variables as the settings say, each with four options, and what is free."""

import gc
import logging
import secrets

from sideboard import ArduinoCloudClient


def take(client, value):
    pass


def on_measure(client, number):
    gc.collect()
    client["free"] = gc.mem_free()


logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
for i in range(secrets.COUNT):
    client.register("v%d" % i, value=0, on_write=take, min=0, max=1000000, unit="lx", title="Lamp %d" % i)
client.register("measure", value=0, on_write=on_measure)
client.register("free", value=0)
client.start()
