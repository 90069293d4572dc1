"""A cloud that says more than anyone can hear stops neither the loop nor the page."""

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from pem import der
from sideboard.senml import encode

from tools.local import Board

SECONDS = 6
MOST_MS = 50
SCRIPT = Path(__file__).with_name("loop_watch.py")
TOPIC = b"/a/d/device/e/i"


def message(payload):
    """A packet that publishes it, without asking for an acknowledgement."""
    body = bytes((0, len(TOPIC))) + TOPIC + payload
    return b"\x30" + bytes(len(body) >> shift & 127 | (shift < 14) << 7 for shift in (0, 7, 14)) + body


LONGEST = b"\x30\xff\xff\xff\x7f\0\x0f" + TOPIC  # of 256 MB
FLOODS = {
    "answers to pings": (b"", b"\xd0\0" * 20000),
    "messages": (b"", message(encode([("nothing", 1)])) * 1000),
    "messages that are no packs": (b"", message(b"no pack") * 1000),
    "acknowledgements": (b"", b"\x40\x02\xff\xff" * 10000),
    "the largest packs": (b"", message(encode([("a", 1)] * 5400))),
    "a message of 256 MB": (LONGEST, bytes(65536)),
}


class Flooding:
    """A broker over TLS that lets a board log in and subscribe, and then sends without end."""

    def __init__(self, context, first, again):
        self._context = context
        self._first, self._again = first, again
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.sent = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                plain, _ = self._listener.accept()
                with self._context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(4096)
                    connection.sendall(b"\x20\x02\0\0")
                    connection.sendall(b"\x90\x03" + connection.recv(4096)[2:4] + b"\x01" + self._first)
                    while True:
                        connection.sendall(self._again)
                        self.sent += len(self._again)
            except OSError:
                if self._listener.fileno() < 0:
                    return

    def close(self):
        self._listener.close()


@pytest.fixture(params=FLOODS)
def board(request, tmp_path, authority):
    """(board, broker)"""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    broker = Flooding(context, *FLOODS[request.param])
    (tmp_path / "ca.der").write_bytes(der(authority.cert_pem))
    (tmp_path / "secrets.py").write_text(
        'WIFI_SSID = "net"\nWIFI_PASS = "password"\nDEVICE_ID = b"device"\nSECRET_KEY = b"secret"\n'
        f"CLOUD_SERVER = '127.0.0.1'\nCLOUD_PORT = {broker.port}\nCLOUD_CA = 'ca.der'\n"
        f"WATCH_SECONDS = {SECONDS}\n"
    )
    with Board(SCRIPT, tmp_path / "secrets.py") as board:
        yield board, broker
    broker.close()


def test_flood_stops_neither_the_loop_nor_the_page(board):
    board, broker = board
    board.wait_for("Dashboard: ")
    slowest = requests = 0
    ended = time.monotonic() + 5 * SECONDS
    while "longest stop" not in board.output and time.monotonic() < ended:
        began = time.monotonic()
        assert board.page.put("switch", requests % 2 == 0)[0] == 200
        slowest = max(slowest, time.monotonic() - began)
        requests += 1
    longest = int(board.wait_for("longest stop").split()[-2]) / 1000
    assert broker.sent > 1000000, f"no flood: {broker.sent} bytes"
    assert longest <= MOST_MS, f"the loop stopped for {longest} ms"
    assert slowest < 1, f"the page answered after {slowest:.2f} s"
