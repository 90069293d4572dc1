"""A device with the official client: `official_device.py async|sync FOLDER`, FOLDER being a local cloud's.

Run as a script, so that `arduino_iot_cloud` is the installed package and not the board's file of that name.
"""

import logging
import os
import runpy
import signal
import ssl
import sys
import time
from pathlib import Path

from arduino_iot_cloud import ArduinoCloudClient, ColoredLight

mode, folder = sys.argv[1], Path(sys.argv[2])
secrets = runpy.run_path(str(folder / "secrets.py"))


def on_switch_changed(client, value):
    print("switch", value)
    client["led"] = value


def on_light_changed(client, light):
    print("light", light.swi, light.hue, light.sat, light.bri)
    if light.hue == 200:
        light.bri = 12.5


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient(
    device_id=secrets["DEVICE_ID"],
    username=secrets["DEVICE_ID"],
    password=secrets["SECRET_KEY"],
    server=secrets["CLOUD_SERVER"],
    port=secrets["CLOUD_PORT"],
    ssl_params={
        "verify_mode": ssl.CERT_REQUIRED,
        "cadata": (folder / "ca.der").read_bytes(),
        "server_hostname": secrets["CLOUD_SERVER"],
    },
    sync_mode=mode == "sync",
)
client.register("ledSwitch", value=None, on_write=on_switch_changed, interval=0.05)
client.register("led", value=None)
client.register(ColoredLight("light", on_write=on_light_changed, interval=0.05))
client.start()
while True:
    client.update()
    time.sleep(0.02)
