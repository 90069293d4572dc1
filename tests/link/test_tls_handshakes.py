"""TLS: who may pose as the cloud, who may pose as the board, and what the page says of the others."""

import contextlib
import socket
import ssl
import sys
import threading
import uuid

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sideboard.tls import cloud_roots, tls_context
from tls_broker import HOST, Broker, Certificates, Thing

from tools import ROOT, roots
from tools.local import Board
from tools.page_client import Page
from tools.processes import Process, free_port

SCRIPT = ROOT / "tests" / "link" / "tls_device.py"
WATCH = ROOT / "tests" / "link" / "loop_watch.py"
MOST_MS = 50

TRUST = {"cafile": "ca.der"}
OWN = {**TRUST, "certfile": "client.der", "keyfile": "client-key.der"}
STRANGER = {**TRUST, "certfile": "stranger.der", "keyfile": "stranger-key.der"}
ELSEWHERE = {**TRUST, "server_hostname": "elsewhere.example"}
NOT_SIGNED = "The certificate is not correctly signed by the trusted CA"
OTHER_NAME = "does not match with the expected CN"

CONNECTS = {
    "right CA": ("right", TRUST),
    "name given": ("other-name", ELSEWHERE),
    "right client certificate": ("mutual", OWN),
    "CERT_NONE": ("other-ca", {"verify_mode": int(ssl.CERT_NONE)}),
    "anchor with an EC key": ("ec", {"cafile": "ec-anchor.der"}),
    "anchor with an RSA key": ("rsa", {"cafile": "rsa-anchor.der"}),
}
REFUSED = {
    "wrong CA": ("other-ca", TRUST, NOT_SIGNED),
    "CA of the Arduino Cloud": ("right", {}, NOT_SIGNED),
    "anchor of the same name with another EC key": ("ec", {"cafile": "ec-impostor.der"}, NOT_SIGNED),
    "anchor of the same name with another RSA key": ("rsa", {"cafile": "rsa-impostor.der"}, NOT_SIGNED),
    "wrong name": ("other-name", TRUST, f"{OTHER_NAME} (name: {HOST}"),
    "wrong name given": ("right", ELSEWHERE, f"{OTHER_NAME} (name: elsewhere.example"),
    "expired": ("expired", TRUST, f"validity has expired (name: {HOST}, clock: 20"),
    "not yet valid": ("future", TRUST, f"validity starts in the future (name: {HOST}, clock: 20"),
    "client certificate missing": ("mutual", TRUST, "wants a certificate in ssl_params"),
    "client certificate wrong": ("mutual", STRANGER, "wants another certificate in ssl_params"),
    "no TLS": ("plain", TRUST, f"{HOST} speaks no TLS on port"),
    "another protocol": ("web", TRUST, f"{HOST} speaks no TLS on port"),
    "handshake closed": ("shut", TRUST, "it closed the connection"),
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def ports(certificates):
    """A port for each kind of server."""
    with Broker(certificates) as broker, serving(b"HTTP/1.1 400 No\r\n\r\n") as web, serving() as shut:
        thing = Thing(broker.ports["plain"])
        yield {**broker.ports, "web": web, "shut": shut}
        thing.leave()


@contextlib.contextmanager
def serving(answer=b""):
    """Takes what comes first, answers it and closes; the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


class Computer(Process):
    """The same script and settings on CPython."""

    def __init__(self, script, secrets, http_port):
        self.page = Page(http_port)
        path = f"{secrets.parent}:{ROOT / 'device'}:{ROOT / '.micropython'}"
        super().__init__(sys.executable, script, cwd=secrets.parent, env={"PYTHONPATH": path})

    def stop(self):
        self.kill()


@pytest.fixture(params=["MicroPython", "CPython"])
def start(request, tmp_path, certificates):
    """A function that runs a script as a device, with these ssl_params and further settings."""
    running = []

    def run(params, script=SCRIPT, **settings):
        port = free_port()
        settings |= {"DEVICE_ID": str(uuid.uuid4()), "SSL_PARAMS": params, "DASHBOARD_PORT": port}
        for file in certificates.folder.iterdir():
            (tmp_path / file.name).symlink_to(file)
        secrets = tmp_path / "secrets.py"
        secrets.write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
        board = (Board if request.param == "MicroPython" else Computer)(script, secrets, port)
        running.append(board)
        return board

    yield run
    for board in running:
        board.stop()


def at(port):
    return {"CLOUD_SERVER": HOST, "CLOUD_PORT": port, "SECRET_KEY": "secret"}


def refusal(board, words):
    """What the page says once the log says these words; the page goes on."""
    board.wait_for(words)
    with board.page.follow() as page:
        page.wait_until(lambda: words in (page.status["error"] or ""), words)
    error = board.page.get("/api/status")["error"]
    assert board.page.put("switch", True)[0] == 200
    assert "\n" not in error
    board.wait_for(f"Cloud: {error}; trying again")
    return error


@pytest.mark.parametrize("case", CONNECTS)
def test_connects(case, ports, start):
    server, params = CONNECTS[case]
    board = start(params, **at(ports[server]))
    board.wait_for("Cloud: connected")
    board.page.wait_for_status("cloud", "connected")
    assert ("anyone may pose as the cloud" in board.output) == (case == "CERT_NONE")


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_by_its_cause(case, ports, start):
    server, params, words = REFUSED[case]
    assert words in refusal(start(params, **at(ports[server])), words)


@pytest.mark.parametrize(
    ("params", "settings", "server"),
    [
        ({}, {"SECRET_KEY": "secret"}, "mqtts-up.iot.arduino.cc refuses connections on port 8884"),
        (OWN, {}, "iot.arduino.cc refuses connections on port 8885"),
    ],
    ids=["password", "certificate"],
)
def test_credentials_choose_the_server(params, settings, server, start):
    assert refusal(start(params, **settings), server) == server


@pytest.mark.parametrize("start", ["MicroPython"], indirect=True)
def test_handshake_does_not_stop_the_loop(ports, start):
    account = at(ports["mutual"]) | {"CLOUD_SERVER": "127.0.0.1"}
    board = start(OWN | {"server_hostname": HOST}, WATCH, **account, WATCH_SECONDS=2)
    board.wait_for("Cloud: connected")
    longest = int(board.wait_for("longest stop").split()[-2]) / 1000
    assert longest <= MOST_MS, f"the loop stopped for {longest} ms"


def test_trusted_authorities_are_those_of_certifi_and_of_the_official_client():
    assert list(cloud_roots()) == roots.trusted()
    assert list(cloud_roots(password=False)) == [roots.arduino_root()]


def test_anchor_has_the_name_and_the_key_of_the_whole_certificate():
    for whole, anchor in zip([roots.arduino_root(), *roots.public_roots()], cloud_roots(), strict=True):
        anchor = x509.load_der_x509_certificate(anchor)
        assert anchor.issuer == anchor.subject
        assert anchor.subject.public_bytes() in whole
        assert anchor.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) in whole


@pytest.mark.parametrize("kind", ["der", "pem"])
def test_files_may_be_in_der_or_pem_on_cpython(certificates, kind):
    files = {"cafile": "ca", "certfile": "client", "keyfile": "client-key"}
    params = {key: str(certificates.folder / f"{name}.{kind}") for key, name in files.items()}
    assert len(tls_context(params).get_ca_certs()) == 1
    data = (certificates.folder / f"ca.{kind}").read_bytes()
    assert len(tls_context({"cadata": data if kind == "der" else data.decode()}).get_ca_certs()) == 1
