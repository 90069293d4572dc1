"""From a page to the board's callback and on to a second page, and the page itself, beside microdot alone."""

import contextlib
import json
import socket
import time

from . import bare
from .report import Median, Row
from .running import lamp
from .websocket import WebSocket

TRIPS = 500
LOADS = 40
TIMES_THE_ECHO = 2


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


def compare_trips(board, alone):
    """The lamp's trips and the echo's, taken in turns: what disturbs one disturbs the other."""
    trips, echoes = [], []
    with contextlib.ExitStack() as sockets:
        ports = board.http_port, board.http_port, alone.http_port
        first, second, echo = (sockets.enter_context(WebSocket(port)) for port in ports)
        pages = Pages(first, second)
        message = json.dumps({"id": 1, "name": "ledSwitch", "value": True})
        for _ in range(TRIPS):
            echoes.append(milliseconds(lambda: (echo.send(message), echo.receive())))
            trips.append(milliseconds(pages.switch))
            pages.settle()
    return Median(trips), Median(echoes)


def load(port):
    """One visitor's page, from the connection to its end."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port)
        came = 0
        while piece := connection.recv(65536):
            came += len(piece)
    assert came > 8000


def compare_loads(board, alone):
    ours, bare_ones = [], []
    for _ in range(LOADS):
        bare_ones.append(milliseconds(lambda: load(alone.http_port)))
        ours.append(milliseconds(lambda: load(board.http_port)))
    return Median(ours), Median(bare_ones)


def measure(folder, options):
    with (
        bare.one_processor(),
        lamp(folder, network="host") as (_, board),
        bare.board(folder, "microdot_alone.py") as alone,
    ):
        alone.wait_for("Serves")
        trip, echo = compare_trips(board, alone)
        page, bare_page = compare_loads(board, alone)
    note = "compared with microdot alone, which holds no connection to a cloud: "
    echoes, sends = note + "a WebSocket echo", note + "the same bytes"
    return [
        Row("page -> on_write -> second page", trip, "ms", TIMES_THE_ECHO * echo, echo, echoes),
        Row("GET /", page, "ms", None, bare_page, sends),
    ]
