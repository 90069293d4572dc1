"""A board whose cloud stops and returns, that is off itself for a while, or in sync mode."""

import re

from cable import Cable

from tools import ROOT
from tools.local import Board, Cloud

THING = [
    {"name": "ledSwitch", "type": "bool"},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {"name": "light", "type": "ColoredLight"},
]
MAIN = ROOT / "device" / "main.py"
LIGHT = {"swi": True, "hue": 120.0, "sat": 100.0, "bri": 50.0}
SYNC = """
import logging
from sideboard import ArduinoCloudClient

logging.basicConfig(level=logging.INFO)

def on_switch(client, value):
    client["led"] = value

client = ArduinoCloudClient(sync_mode=True)
client.register("ledSwitch", type=bool, on_write=on_switch)
client.register("led", value=False)
client.register("count", value=0, on_read=lambda client: min(20, client["count"] + 1), interval=0.05)
client.start()
print("started, connected:", client.connected)
while True:
    client.update()
"""


def test_page_goes_on_without_the_cloud(tmp_path):
    with Cloud(tmp_path / "cloud", THING) as cloud, Board(MAIN, cloud.folder / "secrets.py") as board:
        board.wait_for("Cloud: connected")
        board.page.put("ledSwitch", True)
        cloud.page.wait_for("led", True)
        with board.page.follow() as page:
            cloud.stop()
            page.wait_until(lambda: page.status["cloud"] == "offline", "cloud offline")
            assert page.status["error"].startswith("127.0.0.1 ")
            page.write("ledSwitch", False)
            page.wait_for("led", False)
            assert board.page.put("light", LIGHT)[0] == 200
            page.wait_for("light", LIGHT)

            with Cloud(tmp_path / "cloud", None, cloud.http_port, cloud.mqtt_port):
                assert cloud.page.value("led") is True  # as it was when the cloud stopped
                page.wait_until(lambda: page.status["cloud"] == "connected", "cloud connected")
                assert page.status["error"] is None
                cloud.page.wait_for("led", False)
                cloud.page.wait_for("ledSwitch", False)
                cloud.page.wait_for("light", LIGHT)


def test_change_in_the_cloud_waits_for_the_board(tmp_path):
    pins = tmp_path / "pins.json"
    with Cloud(tmp_path / "cloud", THING) as cloud:
        for on in (True, False):  # the board is off while the cloud changes
            cloud.page.put("ledSwitch", on)
            cloud.page.put("light", {**LIGHT, "swi": on})
            with Board(MAIN, cloud.folder / "secrets.py", pins=pins) as board:
                cloud.page.wait_for("led", on)
                board.page.wait_for("ledSwitch", on)
                board.page.wait_for("light", {**LIGHT, "swi": on})
                assert '"LED_BUILTIN": {"value": %d}' % (not on) in pins.read_text()


def test_sync_mode(tmp_path):
    (tmp_path / "main.py").write_text(SYNC)
    with Cloud(tmp_path / "cloud", THING) as cloud, Cable(cloud.mqtt_port) as cable:
        secrets = tmp_path / "cloud" / "board.py"
        text = (tmp_path / "cloud" / "secrets.py").read_text()
        secrets.write_text(re.sub(r"CLOUD_PORT = \d+", f"CLOUD_PORT = {cable.port}", text))
        cable.pull()
        with Board(tmp_path / "main.py", secrets) as board:
            board.wait_for("closed the connection")
            assert board.page.put("ledSwitch", False)[0] == 200  # the page is served while start() waits
            assert "started" not in board.output
            cable.plug()
            assert board.wait_for("started") == "started, connected: True"
            assert board.page.put("ledSwitch", True)[0] == 200
            cloud.page.wait_for("led", True)
            with board.page.follow() as page:
                cloud.page.put("ledSwitch", False)
                page.wait_for("led", False)
                page.write("ledSwitch", True)
                cloud.page.wait_for("led", True)
                page.wait_until(lambda: page.value("count") > 9, "count")
            cloud.page.wait_for("count", 20)
