"""TLS: who may pose as the cloud, who may pose as the board, and what the page says of the others."""

import contextlib
import socket
import ssl
import sys
import threading
import uuid

import pytest
from sideboard.tls import cloud_roots, tls_context
from tls_broker import HOST, Broker, Certificates, Thing

from tools import roots
from tools.processes import ROOT, Board, Page, Process, free_port

SCRIPT = ROOT / "tests" / "tls_device.py"
WATCH = ROOT / "tests" / "loop_watch.py"
MOST_MS = 50

TRUST = {"cafile": "ca.der"}
OWN = {**TRUST, "certfile": "client.{kind}", "keyfile": "client-key.{kind}"}
STRANGER = {**TRUST, "certfile": "stranger.{kind}", "keyfile": "stranger-key.{kind}"}
ELSEWHERE = {**TRUST, "server_hostname": "elsewhere.example"}

CONNECTS = {
    "right CA": ("right", TRUST),
    "name given": ("other-name", ELSEWHERE),
    "right client certificate": ("mutual", OWN),
    "CERT_NONE": ("other-ca", {"verify_mode": int(ssl.CERT_NONE)}),
}
REFUSED = {
    "wrong CA": ("other-ca", TRUST, "is signed by no authority that the board trusts"),
    "CA of the Arduino Cloud": ("right", {}, "is signed by no authority that the board trusts"),
    "wrong name": ("other-name", TRUST, f"is not for the name {HOST}"),
    "wrong name given": ("right", ELSEWHERE, "is not for the name elsewhere.example"),
    "expired": ("expired", TRUST, "has expired (the board's clock says 20"),
    "not yet valid": ("future", TRUST, "is not yet valid (the board's clock says 20"),
    "client certificate missing": ("mutual", TRUST, "wants a certificate in ssl_params"),
    "client certificate wrong": ("mutual", STRANGER, "refuses ssl_params' certificate"),
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
        kind = "der" if request.param == "MicroPython" else "pem"
        files = {key: file.format(kind=kind) for key, file in params.items() if key.endswith("file")}
        port = free_port()
        settings |= {"DEVICE_ID": str(uuid.uuid4()), "SSL_PARAMS": params | files, "DASHBOARD_PORT": port}
        for file in certificates.folder.iterdir():
            (tmp_path / file.name).symlink_to(file)
        secrets = tmp_path / "secrets.py"
        secrets.write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
        board = (Board if kind == "der" else Computer)(script, secrets, port)
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


def test_unset_clock_is_the_cause(ports, start):
    board = start(TRUST, **at(ports["future"]), CLOCK_IS_UNSET=True)
    refusal(board, "is not yet valid (the board's clock is not set)")


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
    assert list(cloud_roots()) == [roots.arduino_root(), *roots.public_roots()]
    assert list(cloud_roots(password=False)) == [roots.arduino_root()]


def test_authority_may_be_in_pem_on_cpython(certificates):
    file = certificates.folder / "ca.pem"
    for params in ({"cafile": str(file)}, {"cadata": file.read_text()}):
        assert len(tls_context(params).get_ca_certs()) == 1
