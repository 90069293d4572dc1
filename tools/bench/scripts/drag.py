"""Runs on the board: a slider."""

import logging

from sideboard import ArduinoCloudClient

logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
client.register("level", value=0, on_write=lambda client, value: None, min=0, max=100)
client.start()
