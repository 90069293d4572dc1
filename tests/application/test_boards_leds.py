"""device/main.py as each of the boards: the pins it sets, what its log tells, what a wrong pin ends in."""

import json
import re

import pytest

from tools import ROOT, boards
from tools.local import Board
from tools.processes import free_port

MAIN = (ROOT / "device" / "main.py").read_text()
SECRETS = """
WIFI_SSID = WIFI_PASS = "home"
DEVICE_ID = "12345678-1234-1234-1234-123456789abc"
SECRET_KEY = "key"
CLOUD_SERVER = "127.0.0.1"
"""
ORANGE = {"swi": True, "hue": 30, "sat": 100, "bri": 100}

ROUNDED_ORANGE = {"LED_RED": 0, "LED_GREEN": 1, "LED_BLUE": 1}
NANO_ORANGE = {"LED_RED": 0, "LED_GREEN": 32767, "LED_BLUE": 65535}
# What a board says of itself; the LED's pin and its level when it is lit; what the RGB LED's pins have with
# orange: levels or, where the pins have PWM, duties. A low level lights all of these RGB LEDs.
LIT = {
    "Arduino GIGA R1 WiFi with STM32H747": ({"LED_GREEN": 0}, ROUNDED_ORANGE, {}),
    "Arduino Portenta H7 with STM32H747": ({"LED_GREEN": 0}, ROUNDED_ORANGE, {}),
    "Arduino Nano ESP32 with ESP32S3": ({"LED_BUILTIN": 1}, {}, NANO_ORANGE),
    "Arduino Nano RP2040 Connect with RP2040": ({"LED": 1}, ROUNDED_ORANGE, {}),
    "Raspberry Pi Pico W with RP2040": ({"LED": 1}, {}, {}),
    "Raspberry Pi Pico 2 W with RP2350": ({"LED": 1}, {}, {}),
    "Generic ESP32 module with ESP32": ({}, {}, {}),
}
UNKNOWN = "Some other board with ESP32C3"


def test_no_board_is_forgotten_here():
    assert [boards.find(machine) for machine in LIT] == [b for b in boards.BOARDS if b.port != "unix"]


@pytest.fixture
def board_like(tmp_path, monkeypatch):
    """Starts the simulated board as another, with other settings in the script, and no cloud to be found."""

    def board_like(machine, **settings):
        text = MAIN
        for name, value in settings.items():
            text, count = re.subn(rf"^{name} = .*$", f"{name} = {value!r}", text, flags=re.MULTILINE)
            assert count == 1, name
        (tmp_path / "main.py").write_text(text)
        (tmp_path / "secrets.py").write_text(f"{SECRETS}CLOUD_PORT = {free_port()}\n")
        monkeypatch.setenv("SIDEBOARD_BOARD", machine)
        return Board(tmp_path / "main.py", tmp_path / "secrets.py", pins=tmp_path / "pins.json")

    return board_like


@pytest.fixture
def pins(tmp_path):
    """All that was set of the pins: their "value" or their "duty_u16"."""

    def pins(what="value"):
        state = json.loads((tmp_path / "pins.json").read_text())
        return {name: pin[what] for name, pin in state.items() if what in pin}

    return pins


@pytest.mark.parametrize("machine", LIT)
def test_switch_lights_the_boards_led(machine, board_like, pins):
    led, levels, duties = LIT[machine]
    with board_like(machine) as board:
        board.wait_for("Dashboard: ")
        rgb_dark = dict.fromkeys({**levels, **duties}, 1)
        assert pins() == {**rgb_dark, **{name: 1 - level for name, level in led.items()}}
        for on in True, False:
            assert board.page.put("ledSwitch", on)[0] == 200
            assert board.page.value("led") is on
            assert pins() == {**rgb_dark, **{name: level if on else 1 - level for name, level in led.items()}}
        assert "Traceback" not in board.output


@pytest.mark.parametrize("machine", LIT)
def test_light_is_shown_as_well_as_the_board_can(machine, board_like, pins):
    led, levels, duties = LIT[machine]
    with board_like(machine) as board:
        board.wait_for("Dashboard: ")
        assert board.page.put("light", ORANGE)[1]["value"] == ORANGE
        assert {name: pins()[name] for name in levels} == levels
        assert pins("duty_u16") == duties
        assert board.page.put("light", {"swi": False})[0] == 200
        assert {name: pins()[name] for name in levels} == dict.fromkeys(levels, 1)
        assert pins("duty_u16") == dict.fromkeys(duties, 65535)
        assert "Traceback" not in board.output


@pytest.mark.parametrize("machine", [*LIT, UNKNOWN])
def test_log_tells_what_a_board_cannot_show(machine, board_like):
    led, levels, duties = LIT.get(machine, ({}, {}, {}))
    expected = {
        f"INFO {machine}: no LED is known; to have one switched, set LED_PIN in main.py": not led,
        f"INFO {machine}: no RGB LED is known; to have the light shown, set RGB_PINS in main.py": not (
            levels or duties
        ),
        "INFO The RGB LED's pins have no PWM: colours are rounded to on and off": bool(levels),
    }
    with board_like(machine) as board:
        board.wait_for("Dashboard: ")
        lines = board.output.splitlines()
        assert {line: line in lines for line in expected} == expected


def test_leds_of_ones_own(board_like, pins):
    settings = {"LED_PIN": 2, "RGB_PINS": (16, 17, 18), "RGB_ON": 0}
    with board_like("Generic ESP32 module with ESP32", **settings) as board:
        board.wait_for("Dashboard: ")
        assert pins() == {"2": 0, "16": 1, "17": 1, "18": 1}
        assert board.page.put("ledSwitch", True)[0] == 200
        assert board.page.put("light", ORANGE)[0] == 200
        assert pins() == {"2": 1, "16": 0, "17": 0, "18": 1}
        assert "is known" not in board.output


@pytest.mark.parametrize(
    "machine, settings, sentence",
    [
        (
            "Generic ESP32 module with ESP32",
            {"LED_PIN": "LED"},
            "LED_PIN: no output at 'LED' (invalid pin); this board's pins are numbers of GPIOs",
        ),
        (
            "Generic ESP32 module with ESP32",
            {"LED_PIN": 34},
            "LED_PIN: no output at 34 (pin can only be input); this board's pins are numbers of GPIOs",
        ),
        (
            "Arduino Nano RP2040 Connect with RP2040",
            {"RGB_PINS": ("D2", "D3", "D44")},
            "RGB_PINS: no output at 'D44' (unknown named pin \"D44\"); this board's pins are A0, A1, A2, A3, "
            "A4, A5, A6, A7, D10, D11, D12, D13, D2, D3, D4, D5, D6, D7, D8, D9, LED, LED_BLUE, LED_GREEN, "
            "LED_RED, RX, SCL, SDA, TX",
        ),
        (
            "Arduino GIGA R1 WiFi with STM32H747",
            {"LED_PIN": 13},
            "LED_PIN: no output at 13 (can't convert 'int' object to str implicitly); this board's pins are "
            "LED_BLUE, LED_GREEN, LED_RED, PA8, PB8, PC6, PC7, PD15, PG7, PJ11, PK1",
        ),
        (UNKNOWN, {"RGB_PINS": 5}, "RGB_PINS must be three pins, not 5"),
    ],
)
def test_wrong_pin_ends_with_a_sentence_and_the_boards_pins(machine, settings, sentence, board_like):
    with board_like(machine, **settings) as board:
        assert board.wait() == 0
        assert board.output.splitlines()[-1] == f"Sideboard: {sentence}"
        assert "Traceback" not in board.output
