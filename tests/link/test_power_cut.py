"""Power cuts: the board's process is killed, and what the next start shows is what was stored.

POWER_CUTS says how often; `make siege` cuts it a hundred times.
"""

import json
import os
import random
import threading
import time

import pytest
from websockets.exceptions import ConnectionClosed

from tools.local import Board, Cloud
from tools.processes import free_port

CUTS = int(os.environ.get("POWER_CUTS", 30))
CUTS_AT_START = CUTS // 5  # of them
SCRIPT = """
import logging
from machine import Pin
from sideboard import ArduinoCloudClient, ColoredLight, store

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
store._QUIET = 0.001
pin = Pin("LED", Pin.OUT, value=0)

def on_led(client, on):
    pin.value(on)
    client["lit"] = on

def on_write(client, value):
    print("on_write", value)

client = ArduinoCloudClient()
client.register("led", on_write=on_led)
client.register("lit")
client.register("count", on_write=on_write)
client.register(ColoredLight("light", on_write=on_write))
client.register("outside")
client.register("inside", on_read=lambda client: 20.5, interval=0.01)
client.start(interval=0.1)
"""
NO_CLOUD = """
WIFI_SSID = "here"
WIFI_PASS = "its password"
DEVICE_ID = "board"
SECRET_KEY = "key"
CLOUD_SERVER = "127.0.0.1"
CLOUD_PORT = {port}
"""
OFFLINE = "refuses connections"  # in the log when all has begun
ONLINE = "Cloud: connected"
COLOUR = {"swi": True, "hue": 120, "sat": 100, "bri": 50}
THING = [
    {"name": "led", "type": "bool", "value": True},
    {"name": "lit", "type": "bool"},
    {"name": "count", "type": "int", "value": 3},
    {"name": "light", "type": "ColoredLight", "value": COLOUR},
    {"name": "outside", "type": "float", "value": -7.5},
    {"name": "inside", "type": "float"},
]


class Flash:
    """A board's file system, and the settings of a cloud that is not there."""

    def __init__(self, folder):
        self.script, self.secrets, self.pins = folder / "main.py", folder / "secrets.py", folder / "pins.json"
        self.folder = folder / "flash"
        self.script.write_text(SCRIPT)
        self.secrets.write_text(NO_CLOUD.format(port=free_port()))

    def start(self, secrets=None):
        return Board(self.script, secrets or self.secrets, pins=self.pins, flash=self.folder)

    def kept(self):
        """{name: [type, value, time, marked, known]}"""
        file = self.folder / "sideboard.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def wait_for(self, name, value, marked):
        deadline = time.monotonic() + 30
        while self.kept().get(name, [None] * 4)[1:4:2] != [value, marked]:
            assert time.monotonic() < deadline, self.kept()
            time.sleep(0.01)

    def led(self):
        return json.loads(self.pins.read_text())["LED"]["value"]


@pytest.fixture
def flash(tmp_path):
    return Flash(tmp_path)


def check_healthy(board, flash):
    assert "Traceback" not in board.output and "ERROR" not in board.output, board.output
    assert not (flash.folder / "sideboard.broken").exists()


def change_until_cut(board, count):
    """Writes as fast as the board answers until its power is cut; returns the last count it may have."""
    cut = threading.Timer(random.uniform(0, 0.2), board.kill)
    with board.page.follow() as page:
        cut.start()
        try:
            while True:
                count += 1
                page.write("count", count)
                page.write("led", count % 3 == 0)
                page.write("light", {**COLOUR, "hue": count % 360})
        except ConnectionClosed:
            cut.join()
    return count


def check_start(board, flash, kept):
    """The board shows what the file held at its start."""
    shown = board.page.get()
    for name, (kind, value, *_) in kept.items():
        assert shown[name]["type"] == kind
        if shown[name]["writable"]:
            assert shown[name]["value"] == value, name
    if "led" in kept:
        assert flash.led() == shown["lit"]["value"] == kept["led"][1]


def test_power_is_cut_again_and_again(flash):
    random.seed(8)
    at_start = set(random.sample(range(CUTS), CUTS_AT_START))
    kept, fresh = {}, 0
    for number in range(CUTS):
        stored = kept.get("count", (None, 0))[1]
        written = stored
        with flash.start() as board:
            if number in at_start:
                time.sleep(random.uniform(0, 0.15))
                board.kill()
            else:
                board.wait_for(OFFLINE)
                check_start(board, flash, kept)
                written = change_until_cut(board, stored)
            check_healthy(board, flash)
        kept = flash.kept()
        now = kept.get("count", (None, 0))[1]
        assert stored <= now <= written
        fresh += now > stored
    assert fresh > CUTS / 2


def test_first_start_without_the_cloud_shows_what_the_last_one_had(flash, tmp_path):
    with Cloud(tmp_path / "cloud", THING) as cloud, flash.start(cloud.folder / "secrets.py") as board:
        board.wait_for(ONLINE)
        cloud.page.wait_for("lit", True)
        flash.wait_for("count", 3, False)
        board.kill()
    with flash.start() as board:
        board.wait_for(OFFLINE)
        shown = {name: (v["type"], v["value"], v["writable"]) for name, v in board.page.get().items()}
        assert shown == {
            "led": ("bool", True, True),
            "lit": ("bool", True, False),  # by led's on_write
            "count": ("int", 3, True),
            "light": ("ColoredLight", COLOUR, True),
            "outside": ("float", None, False),
            "inside": ("float", 20.5, False),
        }
        assert flash.led() == 1 and board.output.count("on_write") == 2
        check_healthy(board, flash)


def test_what_the_cloud_does_not_know_yet_survives_and_reaches_it(flash, tmp_path):
    with Cloud(tmp_path / "cloud", THING) as cloud:
        online = cloud.folder / "secrets.py"
        with flash.start(online) as board:
            board.wait_for(ONLINE)
            board.page.put("count", 5)
            cloud.page.wait_for("count", 5)
            flash.wait_for("count", 5, False)
            board.kill()
        cloud.page.put("count", 6)
        with flash.start(online) as board:
            board.wait_for(ONLINE)
            assert board.page.value("count") == cloud.page.value("count") == 6
            flash.wait_for("count", 6, False)
            board.kill()
        with flash.start() as board:
            board.wait_for(OFFLINE)
            board.page.put("count", 7)
            flash.wait_for("count", 7, True)
            board.kill()
        with flash.start(online) as board:
            cloud.page.wait_for("count", 7)
            assert board.page.value("count") == 7
            flash.wait_for("count", 7, False)
