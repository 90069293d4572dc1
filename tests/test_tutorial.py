"""The official tutorial's scripts, cut out of its page, run on a board byte for byte as they stand there."""

import json
import re

import pytest
from processes import ROOT, Board, Cloud

TUTORIAL = ROOT.parent / "shared" / "reference" / "tutorial.md"

THING = [
    {"name": "sw1", "type": "bool"},
    {"name": "ledSwitch", "type": "bool"},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {"name": "light", "type": "ColoredLight"},
]

# The tutorial's first two scripts use both names and import neither.
IMPORTS = "import time\nfrom arduino_iot_cloud import ArduinoCloudClient\nexec({!r})\n"

LIGHTS_OFF = {"LEDR": 65535, "LEDG": 65535, "LEDB": 65535}  # they light when their pins are low


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
        board.page.wait_for_status("cloud", "connected")
        return board

    yield run
    for board in boards:
        with board:
            assert "Traceback" not in board.output


def writes(cloud, board):
    """Each way to write a variable, with the name of it; a page is one open in a browser."""
    with cloud.page.follow() as cloud_page, board.page.follow() as board_page:
        yield "cloud, HTTP", cloud.page.put
        yield "board, HTTP", board.page.put
        yield "cloud, page", cloud_page.write
        yield "board, page", board_page.write


def check_switch(cloud, board, switch, led_pin=None):
    """Turns the switch on and off in each way, and sees the LED follow everywhere."""
    for _, write in writes(cloud, board):
        for on in (True, False):
            write(switch, on)
            for page in (cloud.page, board.page):
                page.wait_for("led", on)
                page.wait_for(switch, on)
            if led_pin:
                assert led_pin() == (not on)


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
    def duties():
        return {name: pin(tmp_path, name, "duty_u16") for name in LIGHTS_OFF}

    def check(write, value, expected):
        write("light", value)
        for page in (cloud.page, board.page):
            page.wait_for("light", value)
        assert duties() == expected

    board = run(script("convert_hs_to_rgb", "client.start()"))
    for _, write in writes(cloud, board):
        # What the script makes of it: 255 less the colour in 0-255, as a share of 65535.
        check(write, {"swi": True, "hue": 120, "sat": 100, "bri": 50}, {**LIGHTS_OFF, "LEDG": 128 * 257})
        check(write, {"hue": 300}, {"LEDR": 128 * 257, "LEDG": 65535, "LEDB": 128 * 257})
        check(write, {"sat": 0, "bri": 100}, {"LEDR": 0, "LEDG": 0, "LEDB": 0})
        check(write, {"swi": False}, LIGHTS_OFF)
