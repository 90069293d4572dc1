"""What README.md says is so: its scripts run; the settings, commands and files that it names are there."""

import json
import re
import shlex
import time

import pytest
from clouds import MutualCloud

from tools import ROOT
from tools.boards import BOARDS, OLDEST, version
from tools.local import Board, Cloud

README = (ROOT / "README.md").read_text()
LOCAL_TIME = int(time.time()) + time.localtime().tm_gmtoff
SCHEDULE = {"frm": LOCAL_TIME - 5, "to": 0, "len": 7200, "msk": 0}  # longer than all tests take
THING = [
    {"name": "watering", "type": "Schedule", "value": SCHEDULE},
    {"name": "light", "type": "ColoredLight", "value": {"swi": True, "hue": 1, "sat": 2, "bri": 3}},
]

# A block that makes no client goes on with one.
CLIENT = "from sideboard import ArduinoCloudClient\n\nclient = ArduinoCloudClient()\n"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


SCRIPTS = [block for block in blocks("python") if "client" in block]
SETTINGS = [block for block in blocks("python") if "client" not in block]
COMMANDS = [shlex.split(line, comments=True) for block in blocks("sh") for line in block.splitlines()]


def whole(block):
    begin = "" if "ArduinoCloudClient(" in block else CLIENT
    block = block.replace("192.168.1.21", "127.0.0.1")  # of another board
    return begin + block + ("" if "client.start(" in block else "\nclient.start()\n")


def variables(block):
    """The names that a block registers, but for tasks."""
    return re.findall(r'client\.register\((?:(?!Task)\w+\()?"(\w+)"', block)


@pytest.mark.parametrize("block", [pytest.param(block, id=block.split("\n\n")[0]) for block in SCRIPTS])
def test_script_runs_and_its_variables_are_in_the_cloud(block, tmp_path):
    assert variables(block) or not re.search(r"register\((?!Task)", block)
    (tmp_path / "main.py").write_text(whole(block))
    cloud = MutualCloud if "certfile" in block else Cloud
    with cloud(tmp_path / "cloud", THING) as cloud, start(tmp_path, cloud) as board:
        board.wait_for("Dashboard: http://")  # though none of them sets logging up
        cloud.page.wait_for_status("board", "connected")
        board.page.wait_for_status("cloud", "connected")
        known = board.page.get()
        assert set(variables(block)) <= known.keys()
        for variable in known.values():
            if variable["type"] and variable["value"] is not None and variable["name"] != "uptime":
                cloud.page.wait_for(variable["name"], variable["value"])
        if "Schedule(" in block:
            board.wait_for("watering for 7200 s")
            cloud.page.wait_for("valve", True)
        if "on_light" in block:
            board.wait_for("True 1.0 2.0 3.0")
            board.page.put("ledSwitch", True)
            cloud.page.wait_for("led", True)
        if "on_speed" in block:
            board.page.put("speed", 500)
            cloud.page.wait_for("speedLimited", 100)
        if "on_pump" in block:
            check_pump(tmp_path / "pins.json", board)
    assert "Traceback" not in board.output and "Error" not in board.output


def check_pump(pins, board):
    """It runs for five seconds, "off" in between ends it, and "on" in between lets it go on."""

    def runs():
        return json.loads(pins.read_text()).get("2", {}).get("value") == 1

    for on in (True, False):
        board.page.put("pump", on)
        wait_until(lambda on=on: runs() is on, 2)
    board.page.put("pump", True)
    time.sleep(2)  # which is to be more than the five seconds after it have
    board.page.put("pump", True)
    again = time.monotonic()
    wait_until(lambda: not runs(), 15)
    assert time.monotonic() - again > 4.5
    board.page.wait_for("pump", False)


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start(folder, cloud):
    return Board(folder / "main.py", cloud.folder / "secrets.py", pins=folder / "pins.json")


def test_scripts_show_every_type_and_option():
    shown = "\n".join(SCRIPTS)
    for word in (
        "ColoredLight DimmedLight Color Location Schedule Television Task on_active active "
        "type value on_read on_write on_run interval backoff args sync restart create_task start update get "
        "min max step values widget title unit "
        "device_id username password server port keepalive ntp_server ntp_timeout sync_mode ssl_params"
    ).split():
        assert re.search(rf"\b{word}\b", shown), word


def settings_in_the_code():
    for file in (ROOT / "device" / "sideboard").glob("*.py"):
        asked = r"(?:settings|self)\.(?:get|of|port|credential)\(([^)]*)\)"
        for names in re.findall(asked, file.read_text()):
            yield from re.findall(r'"([A-Z_]{4,})"', names)


def settings_in_the_table():
    table = README.split("| name in secrets.py |")[1].split("\n\n")[0]
    return {name for row in table.splitlines()[2:] for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}


def test_settings_are_those_of_the_code():
    assert settings_in_the_table() == set(settings_in_the_code())


def test_settings_in_blocks_are_in_the_table():
    names = {}
    for block in SETTINGS:
        exec(block, {}, names)
    assert names and names.keys() <= settings_in_the_table()


def test_make_targets_are_there():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = {command[1] for command in COMMANDS if command[:1] == ["make"]}
    named |= set(re.findall(r"`make ([\w-]+)", README))
    assert named and named <= set(targets)


def test_make_variables_are_used():
    makefile = (ROOT / "Makefile").read_text()
    given = [re.match(r"([A-Z_]+)=", word) for command in COMMANDS for word in command if "make" in command]
    named = {word[1] for word in given if word} | set(re.findall(r"`make [\w-]+ ([A-Z_]+)=", README))
    assert {"DRY_RUN", "MICROPYTHON", "FROZEN"} <= named
    for name in named:
        assert re.search(rf"\({name}\b", makefile), name


def test_files_are_there():
    """Those in backquotes and those in commands; .micropython/ and .venv/ come by `make setup`."""
    inline = re.findall(r"`((?:device|tests|tools|web)/[\w./*-]*)`", README)
    copied = [
        word for command in COMMANDS for word in command
        if word.split("/")[0] in ("device", "tests", "tools", "web", ".venv", ".micropython")
    ]  # fmt: skip
    for name in inline + copied:
        assert (ROOT / name.split("=")[-1]).exists(), name


@pytest.mark.parametrize("table", ["| Sideboard | shown by |", "| how long it takes | shown by |"])
def test_each_row_of_the_comparison_and_of_the_failures_names_its_test(table):
    rows = README.split(table)[1].split("\n\n")[0].splitlines()[2:]
    assert len(rows) > 12
    for row in rows:
        assert re.findall(r"`(tests/[\w/]+\.py)`", row.split("|")[-2]), row


def test_boards_are_those_that_tools_know():
    rows = README.split("| board | LED |")[1].split("\n\n")[0].splitlines()[2:]
    told = []
    for row in rows:
        names, led, rgb, wifi, files = [cell.strip() for cell in row.strip("|").split("|")]
        has_led, has_rgb = not led.startswith("not known"), rgb != "none"
        told += [(name, has_led, has_rgb, wifi, files) for name in names.split(", ")]
    known = [board for board in BOARDS if board.port != "unix"]
    assert told == [(b.name, b.led is not None, b.rgb is not None, b.wifi, b.files) for b in known]


def test_oldest_micropython_is_the_one_that_tools_ask_for():
    told = re.findall(r"MicroPython\S*\s(?:sources, )?(1\.\d+) or newer", README)
    assert len(told) == 2 and set(told) == {version(OLDEST)}
