"""From a page to the board's callback and on to a second page, beside a bare WebSocket echo."""

import contextlib
import json
import statistics
import time

from tools.processes import Board, free_port

from .report import Row
from .running import MAIN, SCRIPTS, lamp
from .silence import SilentBroker
from .websocket import WebSocket

ECHO = SCRIPTS / "websocket_echo.py"
TRIPS = 300
TIMES_THE_ECHO = 4
TLS = (
    ", each beside an open TLS connection: with one, the unix port of MicroPython (no board's) waits 1 ms in"
    " each turn of the loop"
)


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


def row(state, medians, note=""):
    trip, echo = medians
    what = f"page -> on_write -> second page, cloud {state}"
    return Row(what, trip, "ms", TIMES_THE_ECHO * echo, echo, f"today's best: a bare microdot echo{note}")


def measure(folder, options):
    away, alone, held = (folder / name for name in ("away.py", "alone.py", "held.py"))
    with SilentBroker() as broker, lamp(folder) as (_, linked), contextlib.ExitStack() as boards:
        away.write_text((folder / "secrets.py").read_text() + f"CLOUD_PORT = {free_port()}\n")
        alone.write_text("")
        held.write_text(f"CLOUD_PORT = {broker.port}\n")
        scripts = (MAIN, away, "refuses"), (ECHO, alone, "Echo"), (ECHO, held, "Echo")
        unlinked, *echoes = (boards.enter_context(Board(script, file)) for script, file, _ in scripts)
        for board, (_, _, ready) in zip((unlinked, *echoes), scripts):
            board.wait_for(ready)
        return [
            row("away", compare(unlinked, echoes[0])),
            row("linked", compare(linked, echoes[1]), TLS),
        ]
