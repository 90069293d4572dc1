"""Boards: the pins of their LEDs, and how to use them. What else is known of them: see tools/boards.py."""

import logging
import sys

_RGB = "LED_RED", "LED_GREEN", "LED_BLUE"

# The LED's pin and the level that lights it, the RGB LED's pins and their level. None: there is none, or it
# is not known.
LEDS = {
    "Arduino GIGA R1 WiFi": ("LED_GREEN", 0, _RGB, 0),
    "Arduino Portenta H7": ("LED_GREEN", 0, _RGB, 0),
    "Arduino Nano ESP32": ("LED_BUILTIN", 1, _RGB, 0),
    "Arduino Nano RP2040 Connect": ("LED", 1, _RGB, 0),
    "Raspberry Pi Pico W": ("LED", 1, None, 1),
    "Raspberry Pi Pico 2 W": ("LED", 1, None, 1),
    "Generic ESP32 module": (None, 1, None, 1),
    "linux": ("LED_BUILTIN", 0, ("LEDR", "LEDG", "LEDB"), 0),
}


class NoLED:
    """In place of an LED that a board does not have."""

    def value(self, on):
        pass

    def show(self, red, green, blue):
        pass


def led(pin=None, on=1):
    """The LED on a pin, lit by the level `on`, as a machine.Signal; without a pin the board's own.

    Raises SettingsError when the board has no such pin.
    """
    from machine import Signal

    if pin is None:
        pin, on = _own()[:2]
    if pin is None:
        logging.info("%s: no LED is known; to have one switched, set LED_PIN in main.py", machine())
        return NoLED()
    return Signal(_output("LED_PIN", pin, 1 - on), invert=not on)


def rgb(pins=None, on=1):
    """The RGB LED on three pins, lit by the level `on`, as an RGBLED; without pins the board's own.

    Raises SettingsError when the board has no such pins.
    """
    from sideboard.color import RGBLED

    if pins is None:
        pins, on = _own()[2:]
    if pins is None:
        logging.info("%s: no RGB LED is known; to have the light shown, set RGB_PINS in main.py", machine())
        return NoLED()
    if not isinstance(pins, (tuple, list)) or len(pins) != 3:
        raise _wrong("RGB_PINS must be three pins, not %r" % (pins,))
    return RGBLED(*[_output("RGB_PINS", pin, 1 - on) for pin in pins], common_cathode=bool(on))


def machine():
    """The board's name as its firmware has it, and its processor's."""
    import os

    return os.uname().machine if hasattr(os, "uname") else sys.implementation._machine


def _own():
    here = machine()
    for name, leds in LEDS.items():
        if here.startswith(name):
            return leds
    return None, 1, None, 1


def _output(setting, pin, level):
    from machine import Pin

    try:
        return Pin(pin, Pin.OUT, value=level)
    except (TypeError, ValueError) as error:
        names = [name for name in dir(getattr(Pin, "board", None)) if name[0] != "_"]
        names = ", ".join(sorted(names)) or "numbers of GPIOs"
        sentence = "%s: no output at %r (%s); this board's pins are %s"
        raise _wrong(sentence % (setting, pin, error, names)) from None


def _wrong(sentence):
    from sideboard import SettingsError

    return SettingsError(sentence)
