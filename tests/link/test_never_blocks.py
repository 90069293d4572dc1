"""However the network behaves, the board's loop goes on, and its page answers."""

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from tools.local import Board
from tools.processes import free_port

SECONDS = 12  # longer than any time-out of the client
MOST_MS = 50
SCRIPT = Path(__file__).with_name("loop_watch.py")
SECRETS = 'WIFI_SSID = "net"\nWIFI_PASS = "password"\nDEVICE_ID = b"device"\nSECRET_KEY = b"secret"\n'


class Silent:
    """Accepts connections, over TLS when given a context, and never says a word."""

    def __init__(self, context=None):
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._held = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
                self._held.append(connection)
                if self._context:
                    self._held.append(self._context.wrap_socket(connection, server_side=True))
            except OSError:
                if self._listener.fileno() < 0:
                    return

    def close(self):
        self._listener.close()
        for connection in self._held:
            connection.close()


@pytest.fixture(scope="module")
def boards(tmp_path_factory, authority):
    """A board for each kind of bad network, all at once."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    silent, silent_tls = Silent(), Silent(context)
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 0))
    networks = {
        "a silent server": f"CLOUD_SERVER = '127.0.0.1'\nCLOUD_PORT = {silent.port}\n",
        "a silent broker": f"CLOUD_SERVER = '127.0.0.1'\nCLOUD_PORT = {silent_tls.port}\n",
        "a server that refuses": f"CLOUD_SERVER = '127.0.0.1'\nCLOUD_PORT = {free_port()}\n",
        "a silent name server": f"CLOUD_SERVER = 'cloud.example'\nDNS_PORT = {names.getsockname()[1]}\n",
    }
    running = {}
    for name, settings in networks.items():
        folder = tmp_path_factory.mktemp("board")
        (folder / "ca.der").write_bytes(der(authority))
        text = f"{SECRETS}{settings}CLOUD_CA = 'ca.der'\nWATCH_SECONDS = {SECONDS}\n"
        (folder / "secrets.py").write_text(text)
        running[name] = Board(SCRIPT, folder / "secrets.py")
    yield running
    for board in running.values():
        board.stop()
    for server in (silent, silent_tls, names):
        server.close()


def der(authority):
    return ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())


@pytest.mark.parametrize(
    "network", ["a silent server", "a silent broker", "a server that refuses", "a silent name server"]
)
def test_the_loop_never_stops_and_the_page_answers(boards, network):
    board = boards[network]
    board.wait_for("Dashboard: ")
    slowest = requests = 0
    ended = time.monotonic() + SECONDS
    while "longest stop" not in board.output and time.monotonic() < ended:
        began = time.monotonic()
        assert board.page.put("switch", requests % 2 == 0)[0] == 200
        slowest = max(slowest, time.monotonic() - began)
        requests += 1
    longest = int(board.wait_for("longest stop", timeout=SECONDS).split()[-2]) / 1000
    status = board.page.get("/api/status")
    assert longest <= MOST_MS, f"the loop stopped for {longest} ms"
    assert slowest < 1, f"the page answered after {slowest:.2f} s"
    assert status["cloud"] == "offline" and status["error"]
