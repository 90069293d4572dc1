"""How a board finds its Thing, moves to another one, and takes what the cloud sends, behind mosquitto."""

import struct
import time

import cbor2
import pytest
from mosquitto import Mosquitto
from thing import Thing

from tools.local import Board

NO_THING = "This device has no Thing: give it one in the Arduino Cloud"
SCRIPT = """
import logging
from sideboard import ArduinoCloudClient, clock, store

write = store._write
store._QUIET = 0.05

def write_and_tell(picture):
    write(picture)
    _, level, _, marked = dict(picture())["level"][:4]
    print("stored", level, marked)

store._write = write_and_tell
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")

def on_switch(client, value):
    print("on_write switch", value)
    client["led"] = value

client = ArduinoCloudClient(ntp_server="127.0.0.1", ntp_timeout=0.1)
client.register("switch", type=bool, on_write=on_switch)
client.register("level", type=int, on_write=lambda client, value: print("on_write level", value))
client.register("led", value=False)
client.start(interval=0.1, backoff=1)
"""
UNSET = SCRIPT.replace("client = ", "clock.EPOCH = -1 << 40\nclient = ", 1)


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory):
    with Mosquitto(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


@pytest.fixture
def thing(mosquitto):
    with Thing(mosquitto) as thing:
        yield thing


@pytest.fixture
def start(mosquitto, tmp_path):
    """A function that starts a board with a script."""
    boards = []

    def run(script=SCRIPT):
        (tmp_path / "main.py").write_text(script)
        boards.append(Board(tmp_path / "main.py", mosquitto.folder / "secrets.py", flash=tmp_path / "flash"))
        boards[-1].wait_for("Dashboard: ")
        return boards[-1]

    yield run
    for board in boards:
        board.stop()
        assert "Traceback" not in board.output


@pytest.fixture
def board(thing, start):
    """A board that is linked to the Thing `one`, which knows nothing."""
    thing.name("one")
    board = start()
    thing.tell_last_values("one")
    board.wait_for("Cloud: connected")
    assert thing.values("one") == {"led": False}
    return board


def test_board_without_a_thing_says_so_and_goes_on_once_it_has_one(thing, start):
    thing.name("")
    board = start()
    board.page.wait_for_status("error", NO_THING)
    assert board.page.get("/api/status")["cloud"] == "offline"
    board.wait_for(f"ERROR Cloud: {NO_THING}")
    board.page.put("switch", True)  # the page works meanwhile
    thing.name("one")
    thing.tell_last_values("one")
    assert thing.values("one") == {"switch": True, "led": True}
    board.page.wait_for_status("cloud", "connected")
    assert board.page.get("/api/status")["error"] is None
    assert board.output.count("ERROR") == 1


def test_board_that_is_moved_follows_the_new_thing_and_leaves_the_old_alone(thing, board):
    thing.change("one", level=1)
    board.wait_for("on_write level 1")
    thing.name("two")
    board.wait_for("this device was moved to another Thing")
    heard = len(thing.heard)
    thing.tell_last_values("two", ("switch", True, time.time() - 3600))
    board.wait_for("on_write switch True")
    assert thing.values("two") == {"level": 1, "led": True}  # what the new Thing did not know
    thing.change("one", level=5)  # to no one
    thing.change("two", level=2)
    board.wait_for("on_write level 2")
    board.page.put("level", 3)
    assert thing.values("two") == {"level": 3}
    assert not [topic for topic in thing.heard[heard:] if topic.startswith("/a/t/one/")]
    assert "on_write level 5" not in board.output


def test_board_that_is_moved_while_it_is_off(thing, board, start):
    board.page.put("level", 4)
    assert thing.values("one") == {"level": 4}
    board.wait_for("stored 4 False")
    board.stop()
    thing.name("two")
    board = start()
    thing.tell_last_values("two")
    board.wait_for("Cloud: connected")
    assert thing.values("two")["level"] == 4


def test_board_that_is_taken_from_its_thing(thing, board):
    thing.name("")
    board.page.wait_for_status("error", NO_THING)
    thing.name("one")
    thing.tell_last_values("one")
    board.wait_for("Cloud: connected", count=2)


def test_message_that_comes_twice_does_no_harm(thing, board):
    for value in (True, False):
        for _ in range(2):
            thing.change("one", switch=value)
        assert thing.values("one") == {"led": value}
        board.wait_for(f"on_write switch {value}", count=2)
    board.page.put("level", 1)
    assert thing.values("one") == {"level": 1}  # nothing was sent in between


def test_base_time_in_single_precision(thing, board):
    """It is a multiple of 128 s."""
    board.page.put("level", 1)
    assert thing.values("one") == {"level": 1}
    thing.change("one", level=2)
    board.wait_for("on_write level 2")
    single = b"\xfa" + struct.pack(">f", time.time())
    for label in (b"\x22", b"\x62bt"):
        record = b"\xa3" + label + single + cbor2.dumps(0) + cbor2.dumps("level") + cbor2.dumps(2)
        value = 7 if label == b"\x22" else 8
        thing.publish("/a/t/one/e/i", b"\x81" + record + cbor2.dumps(value))
        board.wait_for(f"on_write level {value}")


def test_board_whose_clock_is_not_set_sends_values(thing, start):
    thing.name("one")
    board = start(UNSET)
    board.page.put("level", 1)
    thing.tell_last_values("one", ("level", 2, time.time()))
    assert thing.values("one") == {"level": 1, "led": False}  # no one can tell which is the later
    board.page.put("level", 3)
    assert thing.values("one") == {"level": 3}
    board.wait_for("The clock is not set: 127.0.0.1 does not answer")
