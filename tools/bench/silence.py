"""The longest stop of the loop while a broker accepts connections and says nothing."""

import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

import trustme

from tools.local import Board

from .report import Row
from .running import CLIENT, Official

SECONDS = 12  # longer than any time-out of the clients


class SilentBroker:
    """Lets clients in over TLS at `port`, and never says a word."""

    def __init__(self):
        authority = trustme.CA()
        self.authority = ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self._context)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._held = []
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._held:
            connection.close()

    def settings(self, folder):
        """Writes secrets.py for its clients into the folder; returns the file."""
        (folder / "ca.der").write_bytes(self.authority)
        secrets = folder / "secrets.py"
        secrets.write_text(
            "WIFI_SSID = 'net'\nWIFI_PASS = 'password'\nDEVICE_ID = b'device'\nSECRET_KEY = b'secret'\n"
            f"CLOUD_SERVER = '127.0.0.1'\nCLOUD_PORT = {self.port}\nCLOUD_CA = 'ca.der'\n"
            f"WATCH_SECONDS = {SECONDS}\n"
        )
        return secrets

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed
            try:
                self._held.append(self._context.wrap_socket(connection, server_side=True))
            except OSError:
                connection.close()  # the client did not want to wait


def longest(device):
    return int(device.wait_for("longest stop", timeout=SECONDS + 15).split()[-2]) / 1000


def measure(folder, options):
    with SilentBroker() as broker, ThreadPoolExecutor(2) as side_by_side:
        secrets = broker.settings(folder)
        with Official(CLIENT, folder) as official, Board(CLIENT, secrets) as board:
            stops = list(side_by_side.map(longest, (official, board)))
    return [Row("longest stop of the loop, silent broker", stops[1], "ms", 50, stops[0])]
