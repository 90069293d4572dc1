"""What the official client's examples do, by scripts of our own: all that is registered ends in the cloud."""

import os
import sys
import time

import pytest
from clouds import MutualCloud

from tools import ROOT
from tools.local import Board, Cloud
from tools.processes import Process, free_port

LOCAL_TIME = int(time.time()) + time.localtime().tm_gmtoff
SCHEDULE = {"frm": LOCAL_TIME - 5, "to": 0, "len": 3600, "msk": 0}
THING = [
    {"name": "sw", "type": "bool", "value": True},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {"name": "potentiometer", "type": "int", "permission": "READ_ONLY"},
    {"name": "clk", "type": "string", "permission": "READ_ONLY"},
    {"name": "clight", "type": "ColoredLight", "value": {"swi": False, "hue": 1, "sat": 80, "bri": 1}},
    {"name": "island", "type": "Location"},
    {"name": "schedule", "type": "Schedule", "value": SCHEDULE},
    {"name": "watering", "type": "bool", "permission": "READ_ONLY"},
    {"name": "humidity", "type": "float", "permission": "READ_ONLY"},
]

# The scripts' common parts, all names imported as from the official package.
BEGIN = """
import logging
import ssl
import time

from arduino_iot_cloud import ArduinoCloudClient, ColoredLight, Location, Schedule, Task
from secrets import DEVICE_ID

logging.basicConfig(level=logging.INFO, format="%(message)s")


def on_switch(client, on):
    client["led"] = on


def on_light(client, light):
    print("light", light.swi, light.hue, light.sat, light.bri)


def turn_light(client, args):
    client["clight"].hue, client["clight"].bri = args


def make_client():
    from secrets import SECRET_KEY

    return ArduinoCloudClient(
        device_id=DEVICE_ID, username=DEVICE_ID, password=SECRET_KEY, sync_mode=SYNC
    )

"""
REGISTER = """
client = make_client()
client.register("sw", value=None, on_write=on_switch, interval=0.250)
client.register("led", value=None)
client.register("potentiometer", value=None, on_read=lambda client: 512, interval=0.5)
client.register("clk", value=None, on_read=lambda client: "%02d:%02d" % time.gmtime(0)[3:5], interval=0.5)
client.register(ColoredLight("clight", swi=True, on_write=on_light))
client.register(Location("island", lat=31.264694, lon=29.979987))
client.register(Schedule("schedule", on_active=lambda client, value: print("schedule active", value["len"])))
client.register("watering", on_read=lambda client: client["schedule"].active, interval=0.2)
client.register(Task("user_task", on_run=turn_light, interval=0.2, args=(120.0, 60.5)))
client.register("humidity", value=None, on_read=lambda client: 100.0, interval=1.0)
"""
START = """
client.start()
while True:
    client.update()
    time.sleep(0.05)
"""
JOIN_WIFI = """
import network
from secrets import WIFI_PASS, WIFI_SSID

wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect(WIFI_SSID, WIFI_PASS)
while not wlan.isconnected():
    time.sleep_ms(50)
"""
WATCHDOG = """
from machine import WDT

client.register(Task("watchdog", on_run=lambda client, wdt: wdt.feed(), interval=0.2, args=WDT(timeout=5000)))
"""
WITH_CERTIFICATE = """
def make_client():
    with open("ca.der", "rb") as file:
        authority = file.read()
    return ArduinoCloudClient(
        device_id=DEVICE_ID,
        ssl_params={
            "keyfile": "key.der", "certfile": "cert.der", "cadata": authority,
            "verify_mode": ssl.CERT_REQUIRED, "server_hostname": "localhost",
        },
        sync_mode=SYNC,
    )
"""
ASYNC_WIFI = """
from arduino_iot_cloud import async_wifi_connection

client.register(Task("wifi_connection", on_run=async_wifi_connection, interval=60.0))
"""
SIGNAL = """
import os
import signal

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
"""
FIRST_WIFI = """
from arduino_iot_cloud import async_wifi_connection

async_wifi_connection()
"""


@pytest.fixture
def check(tmp_path):
    """check(sync, prelude, tasks): the script runs on a board, or as start(script) says, beside a cloud."""

    def check(sync, prelude="", tasks="", cloud=Cloud, start=board_runs):
        script = tmp_path / "main.py"
        script.write_text(f"SYNC = {sync}\n" + BEGIN + prelude + REGISTER + tasks + START)
        with cloud(tmp_path / "cloud", THING) as cloud, start(script, cloud) as board:
            check_everything(cloud, board)
            mode = "sync" if sync else "async"
            cloud.page.wait_for_status("version", f"1.0.0-{mode}")
        assert "Traceback" not in board.output

    return check


def board_runs(script, cloud):
    return Board(script, cloud.folder / "secrets.py", pins=script.with_name("pins.json"))


def computer_runs(script, cloud):
    """The script in CPython, in the cloud's folder."""
    settings = f"{(cloud.folder / 'secrets.py').read_text()}\nDASHBOARD_PORT = {free_port()}\n"
    script.with_name("secrets.py").write_text(settings)
    path = os.pathsep.join(str(ROOT / folder) for folder in ("device", ".micropython"))
    return Process(sys.executable, script, cwd=cloud.folder, env={"PYTHONPATH": path})


def check_everything(cloud, board):
    with cloud.page.follow() as page:
        page.wait_for("led", True)  # by the switch's last value
        page.wait_for("potentiometer", 512)
        page.wait_for("clk", "00:00")
        # The user task's hue and brightness; the rest as the cloud had it.
        page.wait_for("clight", {"swi": False, "hue": 120, "sat": 80, "bri": 60.5})
        page.wait_for("island", {"lat": 31.264694, "lon": 29.979987})
        page.wait_for("schedule", SCHEDULE)
        page.wait_for("watering", True)
        page.wait_for("humidity", 100)
        board.wait_for("schedule active 3600")
        page.write("clight", {"swi": True})
        board.wait_for("light True 120.0 80.0 60.5")
        page.write("sw", False)
        page.wait_for("led", False)
    assert board.output.count("schedule active") == 1


@pytest.mark.parametrize("sync", [False, True])
def test_basic(check, sync):
    check(sync, JOIN_WIFI, WATCHDOG)


@pytest.mark.parametrize("sync", [False, True])
def test_advanced(check, sync):
    check(sync, JOIN_WIFI + WITH_CERTIFICATE, WATCHDOG, MutualCloud)


def test_async_wifi(check):
    check(False, tasks=ASYNC_WIFI)


def test_wifi_before_the_start_in_sync_mode(check):
    check(True, FIRST_WIFI)


@pytest.mark.parametrize("sync", [False, True])
def test_on_a_computer(check, sync):
    check(sync, SIGNAL, start=computer_runs)
