"""From a page to the board's callback and on to a second page, beside a bare WebSocket echo."""

import contextlib
import json
import os
import statistics
import time

from tools.local import Board

from .report import Row
from .running import SCRIPTS, lamp
from .websocket import WebSocket

ECHO = SCRIPTS / "websocket_echo.py"
TRIPS = 500
TIMES_THE_ECHO = 4


class Pages:
    """Two open pages of the lamp: one switches, the other waits for the LED."""

    def __init__(self, first, second):
        self._first = first
        self._second = second
        first.receive()  # everything, and so does the second
        self._on = self._led()

    def switch(self):
        self._on = not self._on
        self._first.send(json.dumps({"id": 1, "name": "ledSwitch", "value": self._on}))
        while self._led() != self._on:
            pass

    def settle(self):
        """Waits until the board has told the first page everything, too."""
        self._first.send('{"id": 2}')
        while json.loads(self._first.receive()).get("id") != 2:
            pass

    def _led(self):
        message = json.loads(self._second.receive())
        return next((v["value"] for v in message.get("variables", ()) if v["name"] == "led"), None)


def milliseconds(action):
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def compare(board, bare):
    """Medians of the lamp's trips and of the echo's, taken in turns: what disturbs one disturbs the other."""
    trips, echoes = [], []
    with contextlib.ExitStack() as sockets:
        ports = board.http_port, board.http_port, bare.http_port
        first, second, echo = (sockets.enter_context(WebSocket(port)) for port in ports)
        pages = Pages(first, second)
        message = json.dumps({"id": 1, "name": "ledSwitch", "value": True})
        for _ in range(TRIPS):
            echoes.append(milliseconds(lambda: (echo.send(message), echo.receive())))
            trips.append(milliseconds(pages.switch))
            pages.settle()
    return statistics.median(trips), statistics.median(echoes)


@contextlib.contextmanager
def one_processor():
    """What starts now runs on one: else a trip lasts as long as the kernel takes to wake another."""
    if not hasattr(os, "sched_setaffinity"):  # not on Linux
        yield
        return
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)


def measure(folder, options):
    with one_processor(), lamp(folder) as (_, board), Board(ECHO, folder / "secrets.py") as bare:
        bare.wait_for("Echo")
        trip, echo = compare(board, bare)
    note = "today's best: a bare WebSocket echo by microdot, which holds no connection to a cloud"
    return [Row("page -> on_write -> second page", trip, "ms", TIMES_THE_ECHO * echo, echo, note)]
