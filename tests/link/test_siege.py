"""A house full of strangers on a microcontroller: a person's page goes on, and nothing of them stays.

SIEGE_SECONDS says how long; `make siege` takes two minutes for each network.
"""

import contextlib
import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from busy import Answers
from strangers import Strangers

from tools.local import Board, Cloud

SCRIPT = Path(__file__).with_name("besieged.py")
SECONDS = float(os.environ.get("SIEGE_SECONDS", 15))
ANSWER_S = 2
LOST = 4096  # bytes of the heap
SETTLES_S = 30  # an ESP32's network keeps what it closed for 20 s
NUMBER = {"type": "int", "permission": "READ_WRITE", "value": 0}
THING = [{**NUMBER, "name": name} for name in ("level", "applied", "measure", "free")]


@pytest.fixture
def board(request, tmp_path):
    """A board on the network that the test names, connected to its cloud."""
    with Cloud(tmp_path / "cloud", THING):
        with Board(SCRIPT, tmp_path / "cloud/secrets.py", network=request.param) as board:
            board.wait_for("Cloud: connected")
            warm_up(board)
            yield board
            assert board.output.count("Cloud: connected") == 1


def on(*networks):
    return pytest.mark.parametrize("board", networks, indirect=True)


def warm_up(board):
    """Whatever is loaded at first use is loaded."""
    for path in ("/", "/editor.js", "/nowhere", "/api/variables", "/api/status"):
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(board.page.url + path, timeout=5).read()
    for number in range(3):
        with board.page.follow() as page:
            page.wait_until(lambda page=page: "level" in page.variables, "first message")
            page.write("level", number + 1)


def free(board):
    """Bytes of the heap that are free after a collection, while one request is served."""
    assert board.page.put("measure", time.monotonic_ns() & 0xFFFFFF)[0] == 200
    return board.page.value("free")


def most_free(board, wanted=None, seconds=SETTLES_S):
    """What is free when all have gone: the most within some seconds, or what is at least wanted."""
    ends, most = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (wanted is None or most < wanted):
        with contextlib.suppress(OSError):  # the last strangers have the places
            most = max(most, free(board))
        time.sleep(0.3)
    return most


def person(board, seconds):
    """How long the answers took that a person's page waited for, in seconds, the slowest last."""
    answers = Answers(board)
    with board.page.follow() as page:
        page.wait_until(lambda: "level" in page.variables, "first message")
        ends = time.monotonic() + seconds
        yield  # the strangers may come
        while time.monotonic() < ends:
            with answers:
                assert "error" not in page.write("level", len(answers.took) + 10)
            time.sleep(0.1)
    yield sorted(answers.took)


@on("lwip", "esp32")
def test_page_of_a_person_goes_on_while_strangers_fill_the_house(board):
    before = most_free(board, seconds=3)
    page = person(board, SECONDS)
    next(page)
    with Strangers(board.http_port) as strangers:
        took = next(page)
    after = most_free(board, before - LOST)
    places = board.page.get("/api/status")["places"]
    print(
        f"{places} places, {len(took)} answers, the slowest after {took[-1]:.2f} s; "
        f"{before} B free before, {after} B after; {json.dumps(dict(sorted(strangers.seen.items())))}"
    )
    assert took[-1] < ANSWER_S
    assert after > before - LOST
    assert "MemoryError" not in board.output and "Traceback" not in board.output


@on("lwip", "esp32")
def test_six_websockets_that_reopen_take_the_page_of_nobody_else(board):
    page = person(board, min(SECONDS, 8))
    next(page)
    with Strangers(board.http_port, pages=6, silent=0, floods=0) as strangers:
        took = next(page)
    assert took[-1] < ANSWER_S
    assert strangers.seen["page: left by itself"] > 5, strangers.seen
