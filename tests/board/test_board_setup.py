"""From a bare board to its page, over HTTP: the setup on its access point, and what the cloud says."""

import http.client
import json
import socket
import sys
import time

import pytest

from tools.local import Cloud
from tools.page_client import Page
from tools.processes import Process, free_port

POINT = "127.0.4.1"  # the board's address there
SCRIPT = """
import logging
from sideboard import ArduinoCloudClient

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
client = ArduinoCloudClient()
client.register("switch", type=bool, on_write=lambda client, value: None)
client.start(interval=0.1, backoff=1)
"""
QUESTION = b"\x12\x34\1\0\0\1\0\0\0\0\0\0\7captive\5apple\3com\0\0\1\0\1"
HOME = {"home": {"password": "pass word", "rssi": -60}}
SHED = {"shed": {"password": "other key", "rssi": -50}}


class BareBoard(Process):
    """A board with a script that knows where the cloud is, and nothing else; `air`: the networks in reach."""

    def __init__(self, folder, cloud, network, script=SCRIPT, secrets=""):
        self.http_port, self.dns_port = free_port(), free_port()
        self.flash, self._air = folder / "flash", folder / "air.json"
        self.air({**HOME, **SHED})
        (folder / "main.py").write_text(script)
        (folder / "ca.der").write_bytes((cloud.folder / "ca.der").read_bytes())
        text = f'# where\nCLOUD_SERVER = "127.0.0.1"\nCLOUD_PORT = {cloud.mqtt_port}\nCLOUD_CA = "ca.der"\n'
        (folder / "secrets.py").write_text(text + secrets)
        command = [sys.executable, "-m", "tools.board", folder / "main.py", "--flash", self.flash]
        command += ["--secrets", folder / "secrets.py", "--http-port", self.http_port]
        command += ["--dns-port", self.dns_port, "--network", network]
        super().__init__(*command, env={"SIDEBOARD_WIFI_FILE": str(self._air)})
        self.page = Page(self.http_port)
        self.wait_for("is open")

    def air(self, networks):
        new = self._air.with_suffix(".new")
        new.write_text(json.dumps({"networks": networks}))
        new.replace(self._air)

    def ask(self, method="GET", form=None, path="/api/setup", host=POINT):
        """(status, headers, body)"""
        connection = http.client.HTTPConnection(POINT, self.http_port, timeout=5)
        connection.request(method, path, form and json.dumps(form), {"Host": host})
        response = connection.getresponse()
        answer = response.status, response.headers, response.read()
        connection.close()
        return answer

    def setup(self, form):
        """What is told once the form was tried."""
        status, _, body = self.ask("PUT", form)
        assert status == 202, body
        deadline = time.monotonic() + 30
        while json.loads(body)["state"] == "trying":
            assert time.monotonic() < deadline, body
            body = self.ask()[2]
        return json.loads(body)

    def wait_for_connection_to(self, name):
        self.wait_for(f"INFO Wi-Fi: joining {name}")
        self.page.wait_for_status("cloud", "connected")

    def wait_for_connection(self):
        """Waits until it is connected to the cloud after the setup, which may have been, too."""
        text = "INFO Cloud: connected"
        self.wait_for("MPY: reset")
        self.wait_for(text, count=self.output.partition("MPY: reset")[0].count(text) + 1)

    def look_up(self, question):
        """The answer of the board's name server; None after half a second."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.5)
            sock.sendto(question, (POINT, self.dns_port))
            try:
                return sock.recv(1024)
            except TimeoutError:
                return None


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(tmp_path_factory.mktemp("cloud"), [{"name": "switch", "type": "bool"}]) as cloud:
        yield cloud


def device(cloud):
    return {"device_id": cloud.secrets["DEVICE_ID"].decode(), "secret_key": cloud.secrets["SECRET_KEY"]}


@pytest.mark.parametrize("network", ["lwip", "esp32"])
def test_from_a_bare_board_to_its_page(network, cloud, tmp_path):
    with BareBoard(tmp_path, cloud, network) as board:
        status, headers, body = board.ask(path="/setup")
        assert status == 200 and headers["Content-Encoding"] == "gzip" and len(body) > 500
        status, headers, _ = board.ask(path="/generate_204", host="connectivitycheck.gstatic.com")
        assert status == 302 and headers["Location"] == f"http://{POINT}:{board.http_port}/setup"
        assert board.look_up(QUESTION)[-4:] == bytes(map(int, POINT.split(".")))
        assert board.look_up(QUESTION[:-1]) is None

        said = json.loads(board.ask()[2])
        assert [one["ssid"] for one in said["networks"]] == ["shed", "home"] and said["fresh"]
        said = board.setup({"wifi": [["home", "password"]]})
        assert said["error"] == "home refuses the password"
        board.air(HOME)  # the other vanishes
        said = board.setup({"wifi": [["shed", "other key"]]})
        assert said["error"].startswith("shed is not in reach")
        right = {"wifi": [["home", "pass word"]], **device(cloud)}
        said = board.setup({**right, "secret_key": "WRONG"})
        assert said["error"] == "127.0.0.1 refused DEVICE_ID and SECRET_KEY" and said["about"] == "cloud"

        said = board.setup({**right, "hostname": "desk", "password": "page's key"})
        assert (said["state"], said["address"], said["error"]) == ("done", "127.0.0.1", None)
        board.wait_for_connection()
        assert board.ask(path="/api/status", host=f"127.0.0.1:{board.http_port}")[0] == 401
        text = (board.flash / "secrets.py").read_text()
        assert text.startswith("# where\nCLOUD_SERVER") and "HOSTNAME = 'desk'" in text
        secrets = {}
        exec(text, secrets)
        assert secrets["WIFI_SSID"] == "home" and secrets["WIFI_PASS"] == "pass word"
        assert "pass word" not in board.output and "Traceback" not in board.output


def test_switch_is_the_clouds_and_the_boards_after_the_setup(cloud, tmp_path):
    with BareBoard(tmp_path, cloud, "lwip") as board:
        assert board.setup({"wifi": [["home", "pass word"]], **device(cloud)})["state"] == "done"
        board.wait_for_connection()
        cloud.page.put("switch", True)
        board.page.wait_for("switch", True)
        board.page.put("switch", False)
        cloud.page.wait_for("switch", False)


def test_cloud_out_of_reach_is_told_and_taken_the_second_time(cloud, tmp_path):
    with BareBoard(tmp_path, cloud, "lwip") as board:
        secrets = board.flash / "secrets.py"
        secrets.write_text(secrets.read_text().replace(str(cloud.mqtt_port), str(free_port())))
        right = {"wifi": [["home", "pass word"]], **device(cloud)}
        said = board.setup(right)
        assert said["about"] == "cloud" and "refuses connections on port" in said["error"]
        assert "WIFI_SSID" not in secrets.read_text()
        assert board.setup(right)["state"] == "done" and "WIFI_SSID" in secrets.read_text()


def test_when_the_known_networks_are_gone_another_is_added(cloud, tmp_path):
    login = device(cloud)
    secrets = 'WIFI = (("gone", "old secret"), ("shed", "other key"))\n'
    secrets += f"DEVICE_ID = {login['device_id']!r}\nSECRET_KEY = {login['secret_key']!r}\n"
    script = "from sideboard import wifi\nwifi._JOIN_MS, wifi._ALONE_MS = 500, 500\n" + SCRIPT
    script = script.replace("client.start", "print('is open soon'); client.start")
    with BareBoard(tmp_path, cloud, "lwip", script, secrets) as board:
        board.wait_for_connection_to("shed")
        board.air(HOME)
        board.wait_for("WARNING Wi-Fi: access point")
        said = json.loads(board.ask()[2])
        assert not said["fresh"] and said["known"] == ["gone", "shed"] and said["state"] == "waiting"
        assert board.ask(path="/")[0] == 200
        status, headers, _ = board.ask(path="/hotspot-detect.html", host="captive.apple.com")
        assert status == 302 and headers["Location"] == f"http://{POINT}:{board.http_port}/"
        assert [one["ssid"] for one in json.loads(board.ask(path="/api/setup?scan=1")[2])["networks"]] == [
            "home"
        ]
        said = board.setup({"wifi": [["shed", None], ["home", "pass word"]]})
        assert said["state"] == "done" and said["known"] == ["shed", "home"], said
        board.wait_for("MPY: reset")
        board.wait_for_connection_to("home")
        assert "secret" not in board.output and "other key" not in board.output


def test_start_serves_whoever_calls_it(cloud, tmp_path):
    script = "from sideboard.setup import start\nstart()"  # as after a script that lacks a setting
    with BareBoard(tmp_path, cloud, "lwip", script) as board:
        assert board.setup({"wifi": [["home", "pass word"]]})["state"] == "done"
        board.wait_for("MPY: reset")


def test_script_that_brings_its_own_is_not_disturbed(cloud, tmp_path):
    script = SCRIPT.replace("Client()", 'Client("device", password="key")') + "print('')"
    script = script.replace("client.start", "print('is open'); client.start")  # what a bare board says
    with BareBoard(tmp_path, cloud, "lwip", script) as board:
        board.wait_for("INFO Dashboard: ")
        assert "access point" not in board.output


@pytest.mark.parametrize("line", ["CLOUD_PORT = 0", "DEVICE_ID = 5", "WIFI = 7", "DASHBOARD = 1"])
def test_wrong_setting_stays_a_sentence(line, tmp_path):
    (tmp_path / "main.py").write_text(SCRIPT)
    (tmp_path / "secrets.py").write_text(f'SECRET_KEY = "x"\nDEVICE_ID = "x"\n{line}\n')
    command = [
        sys.executable,
        "-m",
        "tools.board",
        tmp_path / "main.py",
        "--secrets",
        tmp_path / "secrets.py",
    ]
    board = Process(*command, "--http-port", free_port())
    try:
        assert line.split()[0] in board.wait_for("SettingsError: ")
    finally:
        board.kill()
