"""The link of a real board to a real cloud: what is sent, what is not, and who wins after a cut."""

import itertools
import json
import re
import threading
import time

import pytest
from cable import Cable

from tools import ROOT
from tools.local import Board, Cloud

MANY = [f"v{number}" for number in range(20)]
THING = [
    *({"name": name, "type": "int"} for name in ("level", "kept", "told", "limited", "mark", "many", *MANY)),
    {"name": "switch", "type": "bool"},
    {"name": "led", "type": "bool"},  # read-only on the board
    {"name": "light", "type": "ColoredLight"},
    {"name": "wrong", "type": "string", "value": "not a number"},
]
SCRIPT = f"""
import logging
from sideboard import ArduinoCloudClient, ColoredLight

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")

def printed(name):
    def on_write(client, value):
        print("on_write", name, value)
    return on_write

def on_limited(client, value):
    client["limited"] = min(value, 10)

def on_many(client, value):
    for name in {MANY}:
        client[name] = value

def on_switch(client, value):
    client["led"] = value

client = ArduinoCloudClient()
for name in {["level", "wrong", *MANY]}:
    client.register(name, type=int, on_write=printed(name))
client.register("mark", value=0, on_write=printed("mark"))
client.register("kept", type=int, on_write=printed("kept"), sync="device")
client.register("told", type=int, on_write=printed("told"), sync="cloud")
client.register("limited", type=int, on_write=on_limited)
client.register("many", type=int, on_write=on_many)
client.register("switch", type=bool, on_write=on_switch)
client.register("led", value=False)
client.register(ColoredLight("light", on_write=lambda client, light: print("on_write light", light.hue)))
client.start(interval=0.2, backoff=1)
"""


class TellingCloud(Cloud):
    program = (ROOT / "tests" / "link" / "telling_cloud.py",)


class Link:
    """A board, its cloud, and the cable between them."""

    def __init__(self, cloud, cable, board):
        self.cloud = cloud
        self.cable = cable
        self.board = board
        self._marks = itertools.count(1)
        self._seen = 0

    def cut(self):
        self.cable.pull()
        self.board.page.wait_for_status("cloud", "offline")

    def mend(self):
        self.cable.plug()
        self.board.page.wait_for_status("cloud", "connected")

    def agree(self, name, value):
        """Waits until both sides show the value."""
        self.board.page.wait_for(name, value)
        self.cloud.page.wait_for(name, value)

    def sent(self):
        """The board's messages since the last call, each a list of [name, value]; they end with a mark."""
        mark = next(self._marks)
        self.board.page.put("mark", mark)
        self.cloud.wait_for(f'["mark", {mark}]')
        messages = self.messages()
        new, self._seen = messages[self._seen :], len(messages)
        values = [[value for value in message["values"] if value[0] != "mark"] for message in new]
        return [message for message in values if message]

    def rest(self):
        """Waits until the pause after the board's last message is over: the next goes at once."""
        self.sent()
        time.sleep(max(0, self.messages()[-1]["time"] + 0.6 - time.monotonic()))

    def messages(self):
        lines = [line for line in self.cloud.output.splitlines() if line.startswith("message ")]
        return [json.loads(line.partition(" ")[2]) for line in lines]


@pytest.fixture(scope="module")
def link(tmp_path_factory):
    folder = tmp_path_factory.mktemp("link")
    (folder / "main.py").write_text(SCRIPT)
    with TellingCloud(folder / "cloud", THING) as cloud, Cable(cloud.mqtt_port) as cable:
        secrets = folder / "cloud" / "board.py"
        text = (folder / "cloud" / "secrets.py").read_text()
        secrets.write_text(re.sub(r"CLOUD_PORT = \d+", f"CLOUD_PORT = {cable.port}", text))
        with Board(folder / "main.py", secrets) as board:
            board.wait_for("Cloud: connected")
            yield Link(cloud, cable, board)
            assert "Traceback" not in board.output


@pytest.fixture
def cut(link):
    """A link that is cut; the test mends it."""
    link.sent()
    link.cut()
    yield link
    link.mend()


# What is sent


def test_value_from_the_cloud_is_not_sent_back(link):
    link.sent()
    link.cloud.page.put("level", 1)
    link.cloud.page.put("switch", True)
    link.agree("led", True)
    assert link.sent() == [[["led", True]]]  # what the callback set, and nothing else
    assert link.board.page.value("level") == 1


def test_change_goes_at_once(link):
    link.rest()
    with link.board.page.follow() as page:
        began = time.monotonic()
        page.write("level", 2)
        link.agree("level", 2)
    assert link.messages()[-1]["time"] - began < 0.1


def test_burst_is_sent_as_few_messages_with_the_newest_value(link):
    link.sent()
    began = len(link.messages())
    with link.board.page.follow() as page:
        for number in range(100, 300):
            assert "error" not in page.write("level", number)
    link.agree("level", 299)
    messages = link.messages()[began:]
    took = messages[-1]["time"] - messages[0]["time"]
    assert len(messages) <= 1 + 2 * (took + 0.1)
    assert messages[-1]["values"] == [["level", 299]]


def test_composite_is_sent_whole(link):
    link.cloud.page.put("light", {"swi": True, "hue": 10, "sat": 20, "bri": 30})
    link.board.page.wait_for("light", {"bri": 30})
    link.sent()
    link.board.page.put("light", {"hue": 40})
    link.cloud.page.wait_for("light", {"hue": 40})
    assert link.sent() == [[["light:swi", True], ["light:hue", 40], ["light:sat", 20], ["light:bri", 30]]]


def test_what_the_callback_makes_of_a_value_goes_to_the_cloud(link):
    link.cloud.page.put("limited", 50)
    link.agree("limited", 10)


def test_read_only_variable_written_in_the_cloud_is_dropped(link):
    truth = link.board.page.value("led")
    with link.cloud.page.follow() as page:
        page.write("led", not truth)
        page.wait_for("led", truth)  # which came from the board
    link.board.wait_for("dropped a value: led is read-only")
    assert link.board.page.value("led") == truth


def test_value_of_a_wrong_type_is_dropped(link):
    link.board.wait_for("dropped a value: wrong takes int, not string")
    assert link.board.page.value("wrong") is None


def test_crossing_changes_converge(link):
    for number in (1, 2, 4):
        link.rest()
        with link.cloud.page.follow() as cloud:
            board = threading.Thread(target=link.board.page.put, args=("many", number))
            board.start()  # its callback writes at once all that the cloud writes one after the other
            for name in MANY:
                cloud.write(name, -number)
                time.sleep(number / 1000)
            board.join()
        deadline = time.monotonic() + 30
        while True:
            on_cloud, on_board = link.cloud.page.get(), link.board.page.get()
            if [on_cloud[name]["value"] for name in MANY] == [on_board[name]["value"] for name in MANY]:
                break
            assert time.monotonic() < deadline, (on_cloud, on_board)
            time.sleep(0.05)


# Who wins after a cut


def test_change_on_one_side_reaches_the_other(cut):
    cut.board.page.put("level", 21)
    cut.cloud.page.put("v1", 22)
    cut.cloud.page.put("light", {"swi": False, "hue": 1, "sat": 2, "bri": 3})
    cut.mend()
    cut.agree("level", 21)
    cut.agree("v1", 22)
    cut.agree("light", {"swi": False, "hue": 1, "sat": 2, "bri": 3})
    cut.board.wait_for("on_write v1 22")
    cut.board.wait_for("on_write light 1.0")
    assert cut.sent() == [[["level", 21]]]


def test_change_on_its_way_when_the_cable_is_pulled_is_sent_again(link):
    for number in range(31, 35):
        with link.board.page.follow() as page:
            page.write("level", number)
            link.cut()
        link.mend()
        link.agree("level", number)


def test_later_change_wins(cut):
    cut.board.page.put("v2", 101)
    cut.cloud.page.put("v2", 102)
    cut.cloud.page.put("v3", 103)
    cut.board.page.put("v3", 104)
    cut.mend()
    cut.agree("v2", 102)
    cut.agree("v3", 104)
    cut.board.wait_for("on_write v2 102")
    assert "on_write v3 103" not in cut.board.output
    assert cut.sent() == [[["v3", 104]]]


def test_sync_says_who_wins(cut):
    """`kept` is registered with sync="device", `told` with sync="cloud"."""
    cut.board.page.put("kept", 1)
    cut.cloud.page.put("kept", 2)
    cut.cloud.page.put("told", 3)
    cut.board.page.put("told", 4)
    cut.mend()
    cut.agree("kept", 1)
    cut.agree("told", 3)
    cut.board.wait_for("on_write told 3")
    cut.cut()
    cut.cloud.page.put("kept", 5)
    cut.mend()
    cut.agree("kept", 1)
    assert "on_write kept 2" not in cut.board.output
    assert "on_write kept 5" not in cut.board.output
