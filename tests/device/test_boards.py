"""Which LEDs a board has, by its name; no LED is fine, and a wrong pin is told."""

import sys

import boards
from sideboard import SettingsError

KEEP = boards.machine


class NoNames:
    """Stands for Pin.board where pins have only numbers."""


class Pin:
    OUT = 1
    board = NoNames

    def __init__(self, pin, mode=-1, value=None):
        if pin == "D99":
            raise ValueError("invalid pin")
        self.pin, self.level = pin, value

    def value(self, level):
        self.level = level


class Signal:
    def __init__(self, pin, invert):
        self.pin, self._invert = pin, invert

    def value(self, on):
        self.pin.value(on ^ self._invert)


class Machine:
    """Stands for the module `machine`."""

    Pin = Pin
    Signal = Signal


def on(machine, call, *args):
    """What the function of boards returns on a board of this name."""
    before = sys.modules.get("machine")
    sys.modules["machine"] = Machine
    boards.machine = lambda: machine
    try:
        return call(*args)
    finally:
        boards.machine = KEEP
        sys.modules.pop("machine")
        if before:
            sys.modules["machine"] = before


def message(call, *args):
    try:
        on("Generic ESP32 module with ESP32", call, *args)
    except SettingsError as error:
        return str(error)


def test_led_that_a_low_level_lights_starts_dark():
    led = on("Arduino GIGA R1 WiFi with STM32H747", boards.led)
    assert (led.pin.pin, led.pin.level) == ("LED_GREEN", 1)
    led.value(True)
    assert led.pin.level == 0


def test_led_that_a_high_level_lights_starts_dark():
    led = on("Raspberry Pi Pico 2 W with RP2350", boards.led)
    assert (led.pin.pin, led.pin.level) == ("LED", 0)
    led.value(True)
    assert led.pin.level == 1


def test_led_of_ones_own_comes_before_the_boards():
    led = on("Arduino GIGA R1 WiFi with STM32H747", boards.led, 0, 1)  # 0 is a pin, too
    assert (led.pin.pin, led.pin.level) == (0, 0)


def test_board_without_leds_can_be_told_to_light_them():
    led, rgb = [on("Generic ESP32 module with ESP32", make) for make in (boards.led, boards.rgb)]
    led.value(True)
    rgb.show(1, 0.5, 0)


def test_wrong_pin_is_told():
    sentence = "LED_PIN: no output at 'D99' (invalid pin); this board's pins are numbers of GPIOs"
    assert message(boards.led, "D99") == sentence


def test_rgb_led_has_three_pins():
    assert message(boards.rgb, "LEDR") == "RGB_PINS must be three pins, not 'LEDR'"
    assert message(boards.rgb, (1, 2)) == "RGB_PINS must be three pins, not (1, 2)"
