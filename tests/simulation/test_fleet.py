"""200 boards lose one broker at once, and come back: in simulated time, with the link's own pauses."""

import asyncio
import bisect
import random

import pytest
from sideboard import clock, cloud, cpython
from sideboard.cloud import CloudLink
from sideboard.senml import encode
from sideboard.variables import Registry

from tests.simulation.virtual import Clock, Loop

BOARDS = 200
MOST = BOARDS // 5  # in any one second
BACK = 120  # seconds, until all are
LOST = 100  # when the broker goes; by then all boards are connected
TIMES = 3  # so often it goes, for it is chance when boards return


class Broker:
    """Where all sessions end at once. attempts: when boards came, in seconds; connected: how many are."""

    def __init__(self, loop):
        self.loop = loop
        self.is_up = True
        self.connected = 0
        self.attempts, self.returns = [], []
        self.gone = asyncio.Event()

    def session(self, *_, on_message):
        return Session(self, on_message)

    async def go(self, seconds):
        """Is gone for so long."""
        self.is_up, self.connected = False, 0
        self.gone.set()
        self.gone = asyncio.Event()
        await asyncio.sleep(seconds)
        self.is_up = True


class Session:
    is_open = False
    stopped = 0

    def __init__(self, broker, on_message):
        self._broker, self._on_message, self._gone = broker, on_message, broker.gone

    async def open(self, tls, host):
        self._broker.attempts.append(self._broker.loop.now)
        if not self._broker.is_up:
            raise OSError(111)
        self.is_open = True
        self._broker.connected += 1
        self._broker.returns.append(self._broker.loop.now)

    async def read(self):
        await self._gone.wait()
        raise EOFError

    async def keep_alive(self):
        await asyncio.Event().wait()

    async def subscribe(self, topic):
        if topic.startswith(b"/a/d/"):
            await self._on_message(topic, encode([("thing_id", "thing")]))

    async def publish(self, topic, data):
        pass

    def close(self):
        pass


async def prepare():
    pass


async def fleet(loop, down):
    """When boards came back, each time the broker was gone for `down` seconds."""
    cloud.Session = (broker := Broker(loop)).session
    links = []
    for number in range(BOARDS):
        settings = {"server": "127.0.0.1", "port": 1, "keepalive": 10, "hostname": "broker"}
        settings.update(device_id=b"%d" % number, username=b"", password=b"")
        links.append(asyncio.create_task(CloudLink(Registry(), settings, prepare).run()))
    rounds = []
    for _ in range(TIMES):
        await asyncio.sleep(LOST)
        assert broker.connected == BOARDS
        broker.attempts.clear()
        broker.returns.clear()
        await broker.go(down)
        await asyncio.sleep(BACK)
        assert broker.connected == BOARDS, f"{BOARDS - broker.connected} are not back after {BACK} s"
        rounds.append((list(broker.attempts), list(broker.returns)))
    for link in links:
        link.cancel()
    await asyncio.gather(*links, return_exceptions=True)
    return rounds


@pytest.mark.parametrize("down", [0.2, 5, 90])
def test_two_hundred_boards_do_not_come_back_at_once(down, monkeypatch):
    loop = Loop(1)
    random.seed(1)
    monkeypatch.setattr(cpython, "time", Clock(loop, "right", 0))
    monkeypatch.setattr(clock, "time", cpython.time)
    monkeypatch.setattr(cloud, "Session", None)
    try:
        rounds = loop.run_until_complete(fleet(loop, down))
    finally:
        loop.close()
    for attempts, returns in rounds:
        print(f"gone for {down} s: {crowd(returns)} of {BOARDS} in one second, {crowd(attempts)} try")
        assert crowd(returns) <= MOST


def crowd(moments):
    """How many of these are in one second, at most."""
    return max(bisect.bisect(moments, one + 1) - number for number, one in enumerate(moments))
