"""The official tutorial's scripts, cut out of its page, run on a board byte for byte as they stand there."""

import json
import re
from contextlib import contextmanager

import pytest

from tools import ROOT
from tools.local import Board, Cloud

TUTORIAL = ROOT.parent / "shared" / "reference" / "tutorial.md"

THING = [
    {"name": "sw1", "type": "bool"},
    {"name": "ledSwitch", "type": "bool"},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {"name": "light", "type": "ColoredLight"},
]

# The tutorial's first two scripts use both names and import neither.
IMPORTS = "import time\nfrom arduino_iot_cloud import ArduinoCloudClient\nexec({!r})\n"


def script(*wanted):
    """The tutorial's one script with all of these words in it."""
    if not TUTORIAL.exists():
        pytest.skip(f"the tutorial is not there: {TUTORIAL.relative_to(ROOT.parent)}")
    blocks = re.findall(r"^```python\n(.*?)^```", TUTORIAL.read_text(), re.MULTILINE | re.DOTALL)
    scripts = [block for block in blocks if "client.start()" in block]
    (found,) = [text for text in scripts if all(word in text for word in wanted)]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def cloud(folder):
    with Cloud(folder / "cloud", THING) as cloud:
        yield cloud


@pytest.fixture
def run(cloud, tmp_path):
    """Runs a script on a board until the test ends; returns the board once the cloud knows it."""
    boards = []

    def run(text):
        (tmp_path / "main.py").write_text(text)
        board = Board(tmp_path / "main.py", cloud.folder / "secrets.py", pins=tmp_path / "pins.json")
        boards.append(board)
        cloud.page.wait_for_status("board", "connected")
        board.page.wait_for_status("cloud", "connected")
        return board

    yield run
    for board in boards:
        with board:
            assert "Traceback" not in board.output
        cloud.page.wait_for_status("board", "offline")


@contextmanager
def ways_to_write(cloud, board):
    """By HTTP, and as a browser on the page does, in the cloud and on the board."""
    with cloud.page.follow() as cloud_page, board.page.follow() as board_page:
        yield cloud.page.put, board.page.put, cloud_page.write, board_page.write


def check_switch(cloud, board, switch, led_pin=lambda: None):
    """Turns the switch in each way, and sees the LED follow everywhere."""
    with ways_to_write(cloud, board) as ways:
        for write, on in zip(ways, (True, False, True, False)):
            write(switch, on)
            for page in (cloud.page, board.page):
                page.wait_for("led", on)
                page.wait_for(switch, on)
            assert led_pin() in (None, not on)


def test_async_script(cloud, run):
    board = run(IMPORTS.format(script('"sw1"', "Start the Arduino cloud client.")))
    check_switch(cloud, board, "sw1")


def test_sync_script(cloud, run):
    board = run(IMPORTS.format(script('"sw1"', "sync_mode=True", "client.update()")))
    check_switch(cloud, board, "sw1")


def pin(folder, name, key="value"):
    return json.loads((folder / "pins.json").read_text())[name][key]


def test_project_example(cloud, run, tmp_path):
    board = run(script("ledSwitch", "LED_BUILTIN"))
    check_switch(cloud, board, "ledSwitch", lambda: pin(tmp_path, "LED_BUILTIN"))


def test_coloured_light(cloud, run, tmp_path):
    board = run(script("convert_hs_to_rgb", "client.start()"))
    # What the script makes of a colour: 255 less each part in 0-255, as a share of 65535.
    colours = (
        ({"swi": True, "hue": 120, "sat": 100, "bri": 50}, (65535, 128 * 257, 65535)),
        ({"hue": 300}, (128 * 257, 65535, 128 * 257)),
        ({"sat": 0, "bri": 100}, (0, 0, 0)),
        ({"swi": False}, (65535, 65535, 65535)),
    )
    with ways_to_write(cloud, board) as ways:
        for write, (parts, duties) in zip(ways, colours):
            write("light", parts)
            for page in (cloud.page, board.page):
                page.wait_for("light", parts)
            assert tuple(pin(tmp_path, name, "duty_u16") for name in ("LEDR", "LEDG", "LEDB")) == duties
