"""What a browser's visit costs on the wire: the bytes of all its connections, each way."""

import contextlib
import socket
import threading

from playwright.sync_api import sync_playwright

from .report import Row
from .running import CHROMIUM, lamp

LIMIT = 11264


class Meter:
    """Stands at a port of its own before another of this computer, and counts what passes each way."""

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._counting = threading.Lock()
        self._bytes = [0, 0]  # to the browser, from it
        self._connections = []
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def settle(self):
        """Waits until all connections have ended, and forgets what they carried."""
        for connection in self._connections:
            connection.join(5)
        self.take()

    def take(self):
        """The bytes since the last call: those to the browser, and those from it."""
        with self._counting:
            count, self._bytes = self._bytes, [0, 0]
        return count

    def _accept(self):
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for ends in ((far, near, 0), (near, far, 1)):
                    self._connections.append(threading.Thread(target=self._carry, args=ends, daemon=True))
                    self._connections[-1].start()

    def _carry(self, source, target, way):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                with self._counting:
                    self._bytes[way] += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def visit(browser, port):
    """Opens the page; returns it once it shows what the board said."""
    page = browser.new_page()
    with page.expect_websocket() as opened:
        page.goto(f"http://127.0.0.1:{port}/")
    opened.value.wait_for_event("framereceived")
    page.get_by_text("Cloud connected").wait_for()
    return page


def visits(folder):
    """The bytes (to the browser, from it) of a first visit, and of a second."""
    with sync_playwright() as playwright, lamp(folder) as (_, board), Meter(board.http_port) as meter:
        chromium = playwright.chromium.launch(**CHROMIUM)
        browser = chromium.new_context()
        page = visit(browser, meter.port)
        first = meter.take()
        page.close()
        meter.settle()  # what it says in parting belongs to no visit
        visit(browser, meter.port)
        second = meter.take()
        chromium.close()
    return first, second


def measure(folder, options):
    first, second = visits(folder)
    best = "today's best: ESPHome v2, as others measured it (v3 76,700, WLED 53,598, ESP-DASH 164,035)"
    return [
        Row("what a browser loads at its first visit", first[0], "B", LIMIT, 12022, best),
        Row("    and asks", first[1], "B"),
        Row("    what it loads at its second visit", second[0], "B"),
        Row("    and asks", second[1], "B"),
    ]
