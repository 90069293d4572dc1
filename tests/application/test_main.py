"""The application device/main.py: both directions, the pins, and what it says of wrong settings."""

import json
import re
import shutil
import socket
import ssl

import pytest
import trustme

from tools import ROOT, library
from tools.local import Board, Cloud
from tools.processes import free_port

THING = [
    {"name": "ledSwitch", "type": "bool"},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {"name": "light", "type": "ColoredLight"},
]
MAIN = ROOT / "device" / "main.py"
RGB = "LEDR", "LEDG", "LEDB"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(tmp_path_factory.mktemp("cloud"), THING) as cloud:
        yield cloud


@pytest.fixture
def secrets(cloud, tmp_path):
    """The cloud's settings, to be changed."""
    for file in ("secrets.py", "ca.der"):
        shutil.copy(cloud.folder / file, tmp_path)
    return tmp_path / "secrets.py"


def change(secrets, **settings):
    """Gives settings other values; None takes one out."""
    text = secrets.read_text()
    for name, value in settings.items():
        line = "" if value is None else f"{name} = {value!r}\n"
        text = re.sub(rf"^{name} = .*\n", line, text, flags=re.MULTILINE)
    secrets.write_text(text)


class Pins:
    def __init__(self, file):
        self._file = file

    def __call__(self, name):
        return json.loads(self._file.read_text())[name]["value"]

    def rgb(self):
        """How bright each LED is, in percent: they light when their pins are low."""
        state = json.loads(self._file.read_text())
        return tuple(round(100 - state[name]["duty_u16"] / 655.35) for name in RGB)


@pytest.fixture
def pins(tmp_path):
    return Pins(tmp_path / "pins.json")


@pytest.fixture
def board(cloud, secrets, tmp_path):
    with Board(MAIN, secrets, pins=tmp_path / "pins.json") as board:
        board.wait_for("Cloud: connected")
        yield board
        assert "Traceback" not in board.output


def test_led_is_off_at_the_start(board, pins):
    assert pins("LED_BUILTIN") == 1
    assert pins.rgb() == (0, 0, 0)
    assert board.page.value("led") is False


def test_switch(cloud, board, pins):
    with cloud.page.follow() as cloud_page, board.page.follow() as board_page:
        ways = cloud.page.put, board.page.put, cloud_page.write, board_page.write
        for write, on in zip(ways, (True, False, True, False)):
            write("ledSwitch", on)
            for page in (cloud.page, board.page):
                page.wait_for("led", on)
                page.wait_for("ledSwitch", on)
            assert pins("LED_BUILTIN") == (not on)  # it lights when its pin is low


def test_light(cloud, board, pins):
    colours = (
        ({"swi": True, "hue": 120, "sat": 100, "bri": 50}, (0, 50, 0)),
        ({"hue": 300}, (50, 0, 50)),
        ({"sat": 50, "bri": 100}, (100, 50, 100)),
        ({"swi": False}, (0, 0, 0)),
    )
    with cloud.page.follow() as cloud_page, board.page.follow() as board_page:
        ways = cloud.page.put, board.page.put, cloud_page.write, board_page.write
        for write, (parts, colour) in zip(ways, colours):
            write("light", parts)
            for page in (cloud.page, board.page):
                page.wait_for("light", parts)
            assert pins.rgb() == colour


def test_light_set_by_parts_on_a_board_without_cloud(secrets, pins, tmp_path):
    change(secrets, CLOUD_PORT=free_port())
    with Board(MAIN, secrets, pins=tmp_path / "pins.json") as board:
        board.wait_for("refuses connections")
        for part, value in {"hue": 240, "sat": 100, "bri": 100}.items():
            assert board.page.put("light", {part: value})[0] == 200
            assert pins.rgb() == (0, 0, 0)
        status, light = board.page.put("light", {"swi": True})
        assert (status, light["value"]) == (200, {"swi": True, "hue": 240, "sat": 100, "bri": 100})
        assert pins.rgb() == (0, 0, 100)
        assert "Traceback" not in board.output


def test_runs_from_bytecode_alone(secrets, pins, tmp_path):
    """As in a firmware: there is nothing to read beside the program."""
    flash, script = tmp_path / "flash", tmp_path / "start.py"
    library.compile_into(flash, {name: MAIN.with_name(name) for name in ("main.py", "boards.py")})
    script.write_text("import main\n")
    change(secrets, CLOUD_PORT=free_port())
    with Board(script, secrets, pins=tmp_path / "pins.json", flash=flash) as board:
        board.wait_for("Dashboard: ")
        assert board.page.put("ledSwitch", True)[0] == 200
        assert pins("LED_BUILTIN") == 0


@pytest.mark.parametrize(
    "settings, sentence",
    [
        ({"DEVICE_ID": ""}, "DEVICE_ID is missing: put it into secrets.py"),
        ({"DEVICE_ID": 7}, "DEVICE_ID must be text, not 7"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing: put it into secrets.py"),
        (
            {"CLOUD_CA": "no.der"},
            "CLOUD_CA, cafile or cadata holds no certificate in DER: there is no file no.der",
        ),
        ({"CLOUD_CA": "secrets.py"}, "CLOUD_CA, cafile or cadata holds no certificate in DER"),
        ({"CLOUD_PORT": "8884"}, "CLOUD_PORT must be a port from 1 to 65535, not '8884'"),
        ({"CLOUD_PORT": 65536}, "CLOUD_PORT must be a port from 1 to 65535, not 65536"),
    ],
)
def test_wrong_setting_ends_with_a_sentence(secrets, settings, sentence):
    change(secrets, **settings)
    check_last_words(secrets, f"Sideboard: {sentence}")


@pytest.mark.parametrize(
    "missing", [["DEVICE_ID"], ["SECRET_KEY", "CLOUD_PASSWORD"], ["WIFI_SSID"]], ids=" ".join
)
def test_missing_setting_is_asked_for_on_an_access_point(secrets, missing):
    change(secrets, **dict.fromkeys(missing))
    with Board(MAIN, secrets) as board:
        board.wait_for("access point sideboard-de0b is open")
        assert board.page.get("/api/setup")["fresh"]


def test_broken_settings_end_with_a_sentence(secrets):
    secrets.write_text(secrets.read_text() + "DEVICE_ID = (\n")
    check_last_words(secrets, "Sideboard: secrets.py raises SyntaxError: invalid syntax")


def check_last_words(secrets, sentence):
    with Board(MAIN, secrets) as board:
        assert board.wait() == 0
        assert board.output == sentence


def test_wrong_password(secrets):
    change(secrets, SECRET_KEY="wrong")
    check_page_without_cloud(secrets, "127.0.0.1 refused DEVICE_ID and SECRET_KEY")


def test_wrong_authority(secrets):
    authority = ssl.PEM_cert_to_DER_cert(trustme.CA().cert_pem.bytes().decode())
    (secrets.parent / "ca.der").write_bytes(authority)
    check_page_without_cloud(secrets, "127.0.0.1: The certificate is not correctly signed by the trusted CA")


def test_no_one_at_the_port(secrets):
    port = free_port()
    change(secrets, CLOUD_PORT=port)
    check_page_without_cloud(secrets, f"127.0.0.1 refuses connections on port {port}")


def check_page_without_cloud(secrets, reason):
    """The board's log and its status name the reason, and its page works."""
    with Board(MAIN, secrets) as board:
        board.wait_for(f"WARNING Cloud: {reason}")
        with board.page.follow() as page:
            page.wait_until(lambda: page.status["cloud"] == "offline", "cloud offline")
            assert page.status["error"].startswith(reason)
            page.write("ledSwitch", True)
            page.wait_for("led", True)
        status = board.page.get("/api/status")
        assert (status["cloud"], status["error"][: len(reason)]) == ("offline", reason)
        assert "Traceback" not in board.output


def test_port_in_use(secrets):
    with socket.create_server(("0.0.0.0", 0)) as other:
        port = other.getsockname()[1]
        with Board(MAIN, secrets, http_port=port) as board:
            line = board.wait_for("No dashboard")
            assert line.startswith(f"ERROR No dashboard: port {port} is not free (")
            assert line.endswith("; set DASHBOARD_PORT")
            board.wait_for("Cloud: connected")  # the rest goes on
            assert "Traceback" not in board.output
