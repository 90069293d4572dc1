"""Boards: the pins of their LEDs, and how to use them; the rest is here for people and for tools/boards.py.

What a board does not need stands in this text, which MicroPython drops when it compiles the file. It is from
MicroPython's board files, 1.22 and later, and from Arduino's data sheets. A section's name is how
os.uname().machine begins. `flash` is how firmware gets onto the board: by dfu-util with the bootloader's USB
id, by copying a uf2 file, or by esptool at an offset. `files` is the format of the file system.

[Arduino GIGA R1 WiFi]
port = stm32
board = ARDUINO_GIGA
flash = dfu-util 2341:0366
wifi = Murata 1DX (CYW4343W)
files = FAT
notes = The LED is the green one of the RGB LED: who sets it last is seen. These pins have no timer, and so no
    PWM: a colour is rounded to on and off. LED_BUILTIN, LEDR and D0… are names since 1.23 only.

[Arduino Portenta H7]
port = stm32
board = ARDUINO_PORTENTA_H7
flash = dfu-util 2341:035b
wifi = Murata 1DX (CYW4343W)
files = FAT
notes = As on the GIGA: the LED is the RGB LED's green one, and there is no PWM on these pins.

[Arduino Nano ESP32]
port = esp32
board = ARDUINO_NANO_ESP32
flash = dfu-util 2341:0070
wifi = ESP32-S3
files = FAT
notes = 8 MB of PSRAM. Boards of the first production have green and blue of the RGB LED exchanged. LEDR… are
    names since 1.23 only.

[Arduino Nano RP2040 Connect]
port = rp2
board = ARDUINO_NANO_RP2040_CONNECT
flash = uf2
wifi = u-blox NINA-W102
files = FAT
notes = The RGB LED hangs on the Wi-Fi module, without PWM: a colour is rounded to on and off. The module has
    a firmware of its own. LED_BUILTIN and LEDR… are names since 1.23 only.

[Raspberry Pi Pico W]
port = rp2
board = RPI_PICO_W
flash = uf2
wifi = Infineon CYW43439
files = littlefs
notes = The LED hangs on the Wi-Fi chip: on and off only. There is no RGB LED.

[Raspberry Pi Pico 2 W]
port = rp2
board = RPI_PICO2_W
flash = uf2
wifi = Infineon CYW43439
files = littlefs
notes = As the Pico W; MicroPython knows it since 1.25.

[Generic ESP32 module]
port = esp32
board = ESP32_GENERIC
flash = esptool 0x1000
wifi = ESP32
files = littlefs
notes = MicroPython knows no LED here; many boards have one at GPIO 2: LED_PIN = 2 in main.py. Pins have only
    numbers, and 34 to 39 are inputs. With PSRAM, BOARD_VARIANT=SPIRAM.

[linux]
port = unix
board = standard
flash = none
wifi = none
files = the computer's
notes = The simulated board, python -m tools.board.
"""

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
