"""What a board and the cloud say to each other, over amqtt and over mosquitto."""

import json
import urllib.request
from urllib.parse import quote

import pytest
from clouds import CLOUDS

from tools import ROOT
from tools.local import Board

MAIN = ROOT / "device" / "main.py"
LIGHT = {"swi": True, "hue": 120.0, "sat": 100.0, "bri": 50.0}
THING = [
    {"name": "ledSwitch", "type": "bool"},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {"name": "light", "type": "ColoredLight"},
]
NAMES = ["Größe ☀", "日本語", "😀 lamp", "\"quoted\" & 'single'", "<b>100 %</b> + #1?", "a/b\\c"]
CLIENT = """
import logging
from sideboard import ArduinoCloudClient

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
"""
NAMED = f"""{CLIENT}
from sideboard import store

write = store._write
store._QUIET = 0.05

def write_and_tell(picture):
    write(picture)
    print("stored", dict(picture())[names[-1]][1])

def on_write(client, value):
    client["led"] = value

store._write = write_and_tell
names = {NAMES!r}
client = ArduinoCloudClient()
for name in names:
    client.register(name, type=str, on_write=on_write)
client.register("led", value="")
client.start(interval=0.2, backoff=1)
"""
SYNC = f"""{CLIENT}
client = ArduinoCloudClient(sync_mode=True)
client.register("led", value=False)
client.start()
while True:
    client.update()
"""


@pytest.fixture(params=CLOUDS)
def cloud_of(request, tmp_path):
    """A function that starts a cloud in a folder of its own."""
    return lambda thing=(): CLOUDS[request.param](tmp_path / "cloud", list(thing))


def test_switch_in_the_cloud_runs_on_write_which_sets_the_led(cloud_of, tmp_path):
    pins = tmp_path / "pins.json"
    with cloud_of(THING) as cloud, Board(MAIN, cloud.folder / "secrets.py", pins=pins) as board:
        board.wait_for("Cloud: connected")
        for on in (True, False):
            cloud.page.put("ledSwitch", on)
            cloud.page.wait_for("led", on)
            board.page.wait_for("led", on)
            assert json.loads(pins.read_text())["LED_BUILTIN"]["value"] == (not on)
        board.page.put("light", LIGHT)
        cloud.page.wait_for("light", LIGHT)
        assert "Traceback" not in board.output


@pytest.mark.parametrize("mode", ["async", "sync"])
def test_cloud_is_told_the_version_and_the_mode(mode, cloud_of, tmp_path):
    script = tmp_path / "main.py"
    script.write_text(SYNC)
    with cloud_of() as cloud:
        with Board(script if mode == "sync" else MAIN, cloud.folder / "secrets.py"):
            cloud.page.wait_for_status("version", f"1.0.0-{mode}")


def test_names_in_any_script_go_through_the_page_the_cloud_and_the_storage(cloud_of, tmp_path):
    script, flash = tmp_path / "main.py", tmp_path / "flash"
    script.write_text(NAMED)
    thing = [{"name": name, "type": "string"} for name in (*NAMES, "led")]
    with cloud_of(thing) as cloud:
        secrets = cloud.folder / "secrets.py"
        with Board(script, secrets, flash=flash) as board:
            board.wait_for("Cloud: connected")
            with board.page.follow() as page, cloud.page.follow() as cloud_page:
                for name in NAMES:
                    cloud_page.write(name, "from the cloud")
                    page.wait_for(name, "from the cloud")
                    assert page.write(name, name).keys() == {"id"}  # in JSON with escapes
                    assert board.page.value(quote(name, safe="")) == name
                assert list(page.variables) == [*NAMES, "led"]
                for name in NAMES:
                    assert put(board.page, name, name + "!") == described(name)
                    page.wait_for(name, name + "!")
                for name in NAMES:
                    cloud_page.wait_for(name, name + "!")
                cloud_page.wait_for("led", NAMES[-1] + "!")
            board.wait_for(f"stored {NAMES[-1]}!")
    with Board(script, secrets, flash=flash) as board:
        board.wait_for("refuses connections")
        values = board.page.get()
        assert [values[name]["value"] for name in NAMES] == [name + "!" for name in NAMES]


def put(page, name, value):
    """Writes a variable in UTF-8 without escapes, as browsers do; returns the answer."""
    url = f"{page.url}/api/variables/{quote(name, safe='')}"
    body = json.dumps(value, ensure_ascii=False).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, method="PUT"), timeout=5) as response:
        return json.load(response)


def described(name):
    return {"name": name, "type": "string", "value": name + "!", "writable": True}
