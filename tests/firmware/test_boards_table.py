"""The table of boards as tools read it, and what it costs on a board."""

import dataclasses

import pytest

from device import boards as on_board
from tools import ROOT, boards, library


def test_every_board_has_its_leds_and_its_facts():
    assert [board.name for board in boards.BOARDS] == list(on_board.LEDS)
    for board in boards.BOARDS:
        facts = dataclasses.asdict(board)
        assert all(facts[name] for name in ("port", "board", "flash", "wifi", "files", "notes")), board
        assert board.led_on in (0, 1) and board.rgb_on in (0, 1), board
        assert board.rgb is None or len(board.rgb) == 3, board


@pytest.mark.parametrize(
    "machine, name",
    [
        ("Arduino GIGA R1 WiFi with STM32H747", "ARDUINO_GIGA"),
        ("Arduino Nano ESP32 with ESP32S3", "ARDUINO_NANO_ESP32"),
        ("Raspberry Pi Pico W with RP2040", "RPI_PICO_W"),
        ("Raspberry Pi Pico 2 W with RP2350", "RPI_PICO2_W"),
        ("Generic ESP32 module with SPIRAM with ESP32", "ESP32_GENERIC"),
    ],
)
def test_board_is_found_by_what_it_says_of_itself(machine, name):
    assert boards.find(machine).board == name


@pytest.mark.parametrize(
    "machine", ["Generic ESP32C3 module with ESP32C3", "Raspberry Pi Pico with RP2040", "x86_64", ""]
)
def test_another_board_is_not_taken_for_a_known_one(machine):
    assert boards.find(machine) is None


def test_facts_for_people_are_not_on_the_board(tmp_path):
    sizes = library.compile_into(tmp_path, {"boards.py": ROOT / "device" / "boards.py"})
    compiled = (tmp_path / "boards.mpy").read_bytes()
    assert b"LED_GREEN" in compiled and b"Pico 2 W" in compiled
    assert not any(fact in compiled for fact in (b"littlefs", b"dfu-util", b"ARDUINO_GIGA"))
    assert sizes["boards.mpy"] <= 1800
