"""A board whose Wi-Fi goes and comes: the access point, the addresses, the host name."""

import json

import pytest
from cable import Cable

from tools.local import Board, Cloud
from tools.page_client import Page

POINT = "127.0.4.1"  # also this computer
THING = [{"name": "switch", "type": "bool"}]
SCRIPT = """
import logging
import network
from sideboard import ArduinoCloudClient, wifi

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
wifi._JOIN_MS, wifi._ALONE_MS = 250, 500
client = ArduinoCloudClient()
client.register("switch", type=bool, on_write=lambda client, value: None)
print("host name", network.hostname())
client.start(interval=0.1, backoff=1)
"""


class Air:
    """The Wi-Fi around the board, and the cable behind it."""

    def __init__(self, file, cable):
        self._file = file
        self._cable = cable

    def set(self, up):
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps({"up": up}))
        new.replace(self._file)
        (self._cable.plug if up else self._cable.pull)()


@pytest.fixture
def script(tmp_path):
    (tmp_path / "main.py").write_text(SCRIPT)
    return tmp_path / "main.py"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(tmp_path_factory.mktemp("cloud"), THING) as cloud:
        yield cloud


@pytest.fixture
def settings(cloud, tmp_path):
    """A function that writes the cloud's settings with others, and returns the file."""
    (tmp_path / "ca.der").write_bytes((cloud.folder / "ca.der").read_bytes())

    def write(**others):
        lines = (f"{name} = {value!r}\n" for name, value in others.items())
        text = (cloud.folder / "secrets.py").read_text() + "".join(lines)
        (tmp_path / "secrets.py").write_text(text)
        return tmp_path / "secrets.py"

    return write


def test_access_point_serves_the_page_until_the_network_is_there(cloud, settings, script, monkeypatch):
    file = script.with_name("wifi.json")
    monkeypatch.setenv("SIDEBOARD_WIFI_FILE", str(file))
    with Cable(cloud.mqtt_port) as cable:
        air = Air(file, cable)
        air.set(up=False)
        with Board(script, settings(CLOUD_PORT=cable.port, HOSTNAME="lamp")) as board:
            for count in (1, 2):  # at the start, and when it is lost later
                board.wait_for("access point lamp is open", count=count)
                page = Page(board.http_port)
                page.url = f"http://{POINT}:{board.http_port}"
                status = page.get("/api/status")
                assert status["address"] == POINT and status["cloud"] != "connected"
                assert status["setup"]
                assert page.put("switch", count == 1)[0] == 200
                air.set(up=True)
                board.page.wait_for_status("address", "127.0.0.1")
                board.page.wait_for_status("setup", False)
                board.page.wait_for_status("cloud", "connected")
                cloud.page.wait_for("switch", count == 1)
                air.set(up=False)
                board.wait_for("Wi-Fi: lost sideboard", count=count)
            assert "Traceback" not in board.output


@pytest.mark.parametrize("name", ["Lamp-2", None], ids=["set", "derived"])
def test_host_name(name, cloud, settings, script):
    expected = name or "sideboard-" + cloud.secrets["DEVICE_ID"].decode()[:6]
    with Board(script, settings(**{"HOSTNAME": name} if name else {})) as board:
        assert board.wait_for("host name") == f"host name {expected}"
        port = board.http_port
        board.wait_for(f"Dashboard: http://127.0.0.1:{port}/ or http://{expected}.local:{port}/")
        assert board.page.get("/api/status")["title"] == (name or "Sideboard")


@pytest.mark.parametrize("name", ["", "my lamp", "-lamp", "lamp-", "lämp", "a.b", "l" * 33, 7])
def test_host_name_that_none_can_have_is_told_in_a_sentence(name, settings, script):
    with Board(script, settings(HOSTNAME=name)) as board:
        said = board.wait_for("SettingsError")
        sentence = "HOSTNAME must be 32 letters, digits and hyphens at most, not "
        assert said.endswith((sentence + repr(name), sentence + ascii(name)))  # as the port prints it
        board.kill()
