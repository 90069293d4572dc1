"""Runs on the simulated board and on CPython: a client with SSL_PARAMS; every name is this computer."""

import logging
import secrets

from sideboard import ArduinoCloudClient, cloud


async def here(host):
    return "127.0.0.1"


cloud.resolve = here
logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient(ssl_params=secrets.SSL_PARAMS, ntp_server="127.0.0.1", ntp_timeout=1)
client.register("switch", value=False, on_write=lambda client, value: None)
client.start()
