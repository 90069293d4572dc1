"""Board and cloud agree: the real MicroPython, a real broker, a slow Thing, and a cable that misbehaves.

tests/simulation has many more histories; these show that the real parts do what the simulated ones do.
"""

import itertools
import json
import os
import random
import re
import threading
import time

import pytest
from cable import Cable
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.simulation.model import Model
from tools import ROOT
from tools.local import Board, Cloud

LAG = 0.7  # seconds until the Thing takes what the broker has acknowledged
WORDS = [f"word{number}" for number in range(16)]  # of which eight are more than a message holds
NUMBERS = ["number", "other", "busy"]
THING = [{"name": name, "type": "int", "value": 0} for name in NUMBERS]
THING += [{"name": name, "type": "string", "value": ""} for name in WORDS]
SCRIPT = f"""
import logging
from sideboard import ArduinoCloudClient, clock, store
from sideboard.compat import ticks_diff, ticks_ms

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
clock.EPOCH += 0
write, changed = store._write, {{}}

def write_and_tell(picture):
    write(picture)
    picture = dict(picture())
    for name in changed:
        if picture[name][1] == changed[name][0]:
            print("stored", name, changed[name][0], "after", ticks_diff(ticks_ms(), changed[name][1]))

store._write = write_and_tell

def on_write(name):
    def note(client, value):
        changed[name] = value, ticks_ms()
    return note

client = ArduinoCloudClient()
for name in {NUMBERS}:
    client.register(name, type=int, on_write=on_write(name))
for name in {WORDS}:
    client.register(name, type=str, on_write=on_write(name))
client.start(interval=0.2, backoff=1)
"""
SLOW_CLOCK = SCRIPT.replace("EPOCH += 0", "EPOCH -= 10")


class SlowCloud(Cloud):
    program = (ROOT / "tests" / "link" / "telling_cloud.py",)


class Link:
    """A board, its cloud, and the cable between them."""

    def __init__(self, cloud, cable, folder):
        self.cloud, self.cable = cloud, cable
        self._folder = folder
        secrets = (cloud.folder / "secrets.py").read_text()
        self._secrets = cloud.folder / "board.py"
        self._secrets.write_text(re.sub(r"CLOUD_PORT = \d+", f"CLOUD_PORT = {cable.port}", secrets))
        self.board = None

    def start(self, script=SCRIPT):
        self.cable.plug()
        main = self._folder / "main.py"
        main.write_text(script)
        self.board = Board(main, self._secrets, flash=self._folder / "flash")
        self.wait_for_connection()
        return self

    def restart(self):
        """Power is cut, and is back."""
        self.board.kill()
        self.board = Board(self._folder / "main.py", self._secrets, flash=self._folder / "flash")
        self.board.wait_for("Dashboard: ")

    def wait_for_connection(self):
        self.board.wait_for("Dashboard: ")
        self.board.page.wait_for_status("cloud", "connected")

    def cut(self):
        self.cable.pull()
        self.board.page.wait_for_status("cloud", "offline")

    def mend(self):
        self.cable.plug()
        self.board.page.wait_for_status("cloud", "connected")

    def messages(self):
        lines = self.cloud.output.splitlines()
        return [json.loads(line.split(" ", 1)[1]) for line in lines if line.startswith("message ")]

    def wait_until_sent(self, name, value):
        """The board sent it: the broker has it, the Thing not yet."""
        self.cloud.wait_for(json.dumps([name, value]))

    def agree_on(self, **values):
        """Board and cloud have these values, and still have them when all that is under way has arrived."""
        for _ in range(2):
            for name, value in values.items():
                self.cloud.page.wait_for(name, value, timeout=20)
                self.board.page.wait_for(name, value, timeout=20)
            self._wait_for_quiet()

    def _wait_for_quiet(self):
        """All that the board sent until now is taken: the Thing takes one message after the other."""
        number = int(time.monotonic() * 1000) % 1000000000
        self.board.page.put("busy", number)
        self.cloud.page.wait_for("busy", number, timeout=20)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    os.environ["THING_DELAY"] = str(LAG)
    try:
        with SlowCloud(tmp_path_factory.mktemp("slow") / "cloud", THING) as cloud:
            yield cloud
    finally:
        del os.environ["THING_DELAY"]


@pytest.fixture
def link(cloud, tmp_path):
    with Cable(cloud.mqtt_port) as cable:
        link = Link(cloud, cable, tmp_path)
        yield link
        if link.board:
            link.board.stop()
            assert "Traceback" not in link.board.output


# The seven ways in which board and cloud once came apart.


def test_newer_value_of_the_board_is_not_lost_to_its_own_older_one(link):
    link.start()
    link.board.page.put("number", 11)
    link.wait_until_sent("number", 11)
    link.board.page.put("number", 12)  # waits: the cloud takes two messages a second
    link.cut()
    link.cloud.page.wait_for("number", 11)  # later than the board has 12
    link.mend()
    link.agree_on(number=12)


def test_page_wins_over_a_cloud_value_that_the_board_had_shown_whatever_its_clock_says(link):
    link.start(SLOW_CLOCK)
    link.cloud.page.put("number", 21)
    link.board.page.wait_for("number", 21)
    link.cut()
    link.board.page.put("number", 22)
    link.mend()
    link.agree_on(number=22)


def test_slow_thing_and_board_agree_when_a_write_and_a_change_of_the_cloud_cross(link):
    link.start()
    link.board.page.put("number", 31)
    link.wait_until_sent("number", 31)
    link.cloud.page.put("number", 32)
    link.board.page.wait_for("number", 32)
    link.cloud.page.wait_for("number", 31)  # they are apart, and both say that they are connected
    link.board.page.wait_for("number", 31, timeout=20)
    link.agree_on(number=31)


def test_cloud_value_is_not_sent_back_behind_a_message_that_is_full(link):
    link.start()
    link.cut()
    for word in WORDS:
        link.board.page.put(word, "board".ljust(600, "."))
    clicked = WORDS[::3]  # whatever their order in the message, some are behind it
    for word in clicked:
        link.cloud.page.put(word, "cloud")
    sent = len(link.messages())
    link.mend()
    link.agree_on(**dict.fromkeys(clicked, "cloud"))
    sent = [record for message in link.messages()[sent:] for record in message["values"]]
    assert not [record for record in sent if record[1] == "cloud"]


def test_change_is_stored_after_two_seconds_beside_one_that_goes_on_and_while_it_is_acknowledged(link):
    link.start()
    with link.board.page.follow() as page:
        page.write("number", 51)
        written = time.monotonic()
        while "stored number 51" not in link.board.output:
            page.write("busy", int(time.monotonic() * 1000) % 1000000000)
            assert time.monotonic() < written + 9, link.board.output
            time.sleep(0.1)
    after = int(link.board.wait_for("stored number 51").split()[-1])
    assert 1500 < after < 2900


def test_newest_of_three_stands_when_a_cloud_change_comes_late_between_two_of_a_page(link):
    link.start()
    link.cable.hold()
    for page, value in (link.board.page, 61), (link.cloud.page, 62), (link.board.page, 63):
        assert page.put("number", value)[0] == 200
    link.cable.release()
    link.agree_on(number=63)


def test_first_change_after_a_broken_connection_is_sent(link):
    link.start()
    for value in range(71, 74):
        link.board.page.put("other", value)  # its message is under way
        link.cut()
        link.mend()
        link.board.page.put("number", value)
        link.cloud.page.wait_for("number", value)
        link.cloud.page.wait_for("other", value)


# All at once.


class Watch(Model):
    """The simulation's model, which hears what two pages are told: what it does not hear of, it forgives."""

    def __init__(self, names):
        self.failures = []
        self.numbers = itertools.count(100)  # of which each is written once
        super().__init__(time.monotonic, dict.fromkeys(names), True, False, self.failures.append)
        self.news = threading.Condition()
        self.pending = {}  # (name, value): (place, origin) of writes without an answer


class Place:
    """A page of the board or of the cloud, which tells the model what becomes true there.

    begin(name, value): is called with what there is at first.
    """

    def __init__(self, page, place, model, begin):
        self._place, self._model = place, model
        self._origin = {"board": "page", "thing": "cloud"}[place]
        self._begin = begin
        self._socket = connect(f"ws://127.0.0.1:{page.port}/ws", proxy=None)
        self._writes = {}
        self._count = 0
        self.values = {}
        self.status = {}
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        with model.news:
            assert model.news.wait_for(lambda: self.status, 10), f"{place} says nothing"

    def write(self, name, value):
        with self._model.news:
            self._count += 1
            self._writes[self._count] = name, value
            self._model.pending[name, value] = self._place, self._origin
        self._socket.send(json.dumps({"id": self._count, "name": name, "value": value}))

    def leave(self):
        self._socket.close()
        self._thread.join()

    def _follow(self):
        try:
            for text in self._socket:
                if text[0] != "L":
                    with self._model.news:
                        self._hear(json.loads(text))
                        self._model.news.notify_all()
        except ConnectionClosed:
            pass

    def _hear(self, message):
        if "id" in message:
            assert "error" not in message, message
            name, value = self._writes.pop(message["id"])
            self.values[name] = value
            self._wrote(name, value)
        for variable in message.get("variables", ()):
            name, value = variable["name"], variable["value"]
            if name not in self._model.writes or self.values.get(name) == value:
                continue
            if self.status:
                self._arrived(name, value)
            else:
                self._begin(name, value)
            self.values[name] = value
        self.status.update(message.get("status", {}))

    def _wrote(self, name, value):
        place, origin = self._model.pending.pop((name, value), (None, None))
        if place:
            self._model.wrote(place, name, value, origin).sent = True  # as far as one can see from here
        return place

    def _arrived(self, name, value):
        """Where the answer to its writer is still under way, or was lost, it is written now."""
        if self._wrote(name, value) != self._place:
            self._model.arrived(self._place, name, value)


ROUNDS = 2  # after each of which they agree
SECONDS = 8  # of each
SETTLES_WITHIN = 60  # seconds
STILL = 2  # seconds in which nothing changes any more
SLACK = 1  # seconds by which a busy computer stores later than a board


def test_board_cloud_and_page_agree_after_all_that_may_happen(link):
    seed = int(os.environ.get("AGREEMENT_SEED", time.time()))
    print("AGREEMENT_SEED =", seed)
    model = Watch(["number", "other"])
    link.start()
    cloud = Place(link.cloud.page, "thing", model, lambda *first: model.wrote("thing", *first, "cloud"))
    board = Place(link.board.page, "board", model, lambda *first: model.arrived("board", *first))
    dice = random.Random(seed)
    restarts = dice.randrange(ROUNDS)
    for number in range(ROUNDS):
        board = misuse(dice, number == restarts, link, model, board, cloud)
        settle(link, model, board, cloud)
        for name in model.writes:
            model.check(name, board.values[name], cloud.values[name], ())
        assert not model.failures, model.failures
    board.leave()
    cloud.leave()


def misuse(random, restarts, link, model, board, cloud):
    """Writes on both sides, while whatever may happen does. Returns the board's page: it may restart."""
    names = list(model.writes)
    end = time.monotonic() + SECONDS
    restart_at = end - SECONDS * random.random() if restarts else end + 1
    whole_at = 0  # then the cable is mended
    while True:
        now = time.monotonic()
        if now > end:
            return board
        if now > restart_at:
            restart_at = end + 1
            board = restart(link, model, board)
            continue
        if now > whole_at:
            link.cable.release()
            link.cable.plug()
            whole_at = now + random.uniform(0, 4)
            what, delay = (
                random.choice(("pull", "hold", "swallow", None, None)),
                random.choice((0, 0.05, 0.3)),
            )
            link.cable.delay = delay
            if what:
                getattr(link.cable, what)()
                print(f"{now:.2f} {what}, a delay of {delay} s")
        random.choice((board, board, cloud)).write(random.choice(names), next(model.numbers))
        time.sleep(random.choice((0.02, 0.1, 0.3, 1)))


def restart(link, model, board):
    """Cuts the board's power. What the cloud has meanwhile comes when its page is open again."""
    link.cable.pull()
    board.leave()
    cut = time.monotonic() - SLACK
    link.restart()
    page = link.board.page
    board = Place(page, "board", model, lambda *first: model.started(*first, True, cut))
    link.cable.plug()
    return board


def settle(link, model, board, cloud):
    link.cable.delay = 0
    link.cable.release()
    link.cable.plug()
    deadline = time.monotonic() + SETTLES_WITHIN

    def agree():
        connected = board.status["cloud"] == "connected"
        return connected and all(board.values[name] == cloud.values[name] for name in model.writes)

    with model.news:
        while True:
            assert model.news.wait_for(agree, deadline - time.monotonic()), (board.values, cloud.values)
            if not model.news.wait_for(lambda: not agree(), STILL):
                return
