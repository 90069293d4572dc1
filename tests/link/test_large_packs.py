"""Packs of many kilobytes, both ways, and one that the board has no room for."""

import sys

import pytest
from clouds import CLOUDS

from tools.local import Board
from tools.page_client import Page
from tools.processes import Process, free_port

COUNT = 60
LENGTH = 500  # 30 KB in all
NAMES = [f"text{number}" for number in range(COUNT)]
THING = [{"name": name, "type": "string", "value": name[-1] * LENGTH} for name in NAMES]
SWITCH = [{"name": "switch", "type": "int"}, {"name": "led", "type": "int"}]
SCRIPT = f"""
import logging
from sideboard import ArduinoCloudClient, cloud

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
cloud._LAST_VALUES_TIMEOUT = 0.5
cloud._APART_MS = 50
FILL = 1
names = {NAMES!r}

def on_switch(client, value):
    for name in names if value == FILL else ():
        client[name] = "b" * {LENGTH}
    client["led"] = value

client = ArduinoCloudClient()
for name in names:
    client.register(name, type=str, on_write=lambda client, value: None)
client.register("switch", type=int, on_write=on_switch)
client.register("led", value=0)
client.start(interval=0.1, backoff=1)
"""


class LargeBoard(Process):
    """A board with the memory for them."""

    def __init__(self, script, secrets):
        port = free_port()
        self.page = Page(port)
        options = "--secrets", secrets, "--http-port", port, "--heap", "1M"
        super().__init__(sys.executable, "-m", "tools.board", script, *options)


@pytest.fixture(params=CLOUDS)
def cloud_of(request, tmp_path):
    return lambda thing: CLOUDS[request.param](tmp_path / "cloud", thing)


@pytest.fixture
def script(tmp_path):
    (tmp_path / "main.py").write_text(SCRIPT)
    return tmp_path / "main.py"


def texts(page):
    variables = page.get()
    return [variables[name]["value"] for name in NAMES]


def test_thirty_kilobytes_both_ways(cloud_of, script):
    with cloud_of(THING + SWITCH) as cloud, LargeBoard(script, cloud.folder / "secrets.py") as board:
        board.wait_for("Cloud: connected")
        assert texts(board.page) == [entry["value"] for entry in THING]
        cloud.page.put("switch", 1)
        with cloud.page.follow() as page:
            for name in (*NAMES, "led"):
                page.wait_for(name, 1 if name == "led" else "b" * LENGTH)
        assert "WARNING" not in board.output and "Traceback" not in board.output


@pytest.mark.parametrize("kind", [LargeBoard, Board], ids=["more than it takes", "more than it has"])
def test_pack_without_room_is_left_out_and_the_link_stays(kind, cloud_of, script):
    length = 1200 if kind is LargeBoard else 700
    thing = [{**entry, "value": "x" * length} for entry in THING]
    with cloud_of(thing + SWITCH) as cloud, kind(script, cloud.folder / "secrets.py") as board:
        board.wait_for("Cloud: connected")
        assert texts(board.page) == [None] * COUNT
        dropped = [line for line in board.output.splitlines() if line.startswith("WARNING")]
        assert len(dropped) == 1 and "Cloud: dropped a message" in dropped[0]
        cloud.page.put("switch", 2)
        cloud.page.wait_for("led", 2)
        assert board.output.count("Cloud: connected") == 1
