"""Boards: the one place for what tools and README.md say of them.

From MicroPython's board files, 1.22 and later, and from Arduino's data sheets. Only the pins of the LEDs
stand elsewhere, in device/boards.py, as a board itself must know them.
"""

import dataclasses

from device import boards as on_board

OLDEST = 1, 22  # version of MicroPython that Sideboard runs on
DOWNLOAD = "https://micropython.org/download"

# What starts a board's bootloader.
BOOTSEL = "Hold BOOTSEL down while you plug the board in"
DOUBLE_TAP = "Press the reset button twice quickly"


@dataclasses.dataclass(frozen=True)
class Board:
    """A board by its name, with which os.uname().machine begins there, and sys.implementation._machine.

    led and rgb: pins, None if there are none; led_on and rgb_on: the level that lights them. port and board:
    what MicroPython's build calls them. flash: how firmware gets onto it: dfu-util, uf2 (a file to copy),
    esptool or none. files: the format of its file system. bootloader: what starts it, if not esptool itself;
    usb: the id that it then has.
    """

    name: str
    led: str | None
    led_on: int
    rgb: tuple[str, str, str] | None
    rgb_on: int
    port: str
    board: str
    flash: str
    wifi: str
    files: str
    notes: str
    bootloader: str | None = None
    usb: str | None = None


def _board(name, **facts):
    return Board(name, *on_board.LEDS[name], **facts)


BOARDS = (
    _board(
        "Arduino GIGA R1 WiFi",
        port="stm32",
        board="ARDUINO_GIGA",
        flash="dfu-util",
        bootloader=DOUBLE_TAP,
        usb="2341:0366",
        wifi="Murata 1DX (CYW4343W)",
        files="FAT",
        notes="The LED is the green one of the RGB LED: who sets it last is seen. These pins have no timer, "
        "and so no PWM: a colour is rounded to on and off. LED_BUILTIN, LEDR and D0… are names since 1.23.",
    ),
    _board(
        "Arduino Portenta H7",
        port="stm32",
        board="ARDUINO_PORTENTA_H7",
        flash="dfu-util",
        bootloader=DOUBLE_TAP,
        usb="2341:035b",
        wifi="Murata 1DX (CYW4343W)",
        files="FAT",
        notes="As on the GIGA: the LED is the RGB LED's green one, and there is no PWM on these pins.",
    ),
    _board(
        "Arduino Nano ESP32",
        port="esp32",
        board="ARDUINO_NANO_ESP32",
        flash="dfu-util",
        bootloader=DOUBLE_TAP,
        usb="2341:0070",
        wifi="ESP32-S3",
        files="FAT",
        notes="8 MB of PSRAM. Boards of the first production have green and blue of the RGB LED exchanged. "
        "LEDR… are names since 1.23 only.",
    ),
    _board(
        "Arduino Nano RP2040 Connect",
        port="rp2",
        board="ARDUINO_NANO_RP2040_CONNECT",
        flash="uf2",
        bootloader=DOUBLE_TAP,
        wifi="u-blox NINA-W102",
        files="FAT",
        notes="The RGB LED hangs on the Wi-Fi module, without PWM: a colour is rounded to on and off. The "
        "module has a firmware of its own. LED_BUILTIN and LEDR… are names since 1.23 only.",
    ),
    _board(
        "Raspberry Pi Pico W",
        port="rp2",
        board="RPI_PICO_W",
        flash="uf2",
        bootloader=BOOTSEL,
        wifi="Infineon CYW43439",
        files="littlefs",
        notes="The LED hangs on the Wi-Fi chip: on and off only. There is no RGB LED.",
    ),
    _board(
        "Raspberry Pi Pico 2 W",
        port="rp2",
        board="RPI_PICO2_W",
        flash="uf2",
        bootloader=BOOTSEL,
        wifi="Infineon CYW43439",
        files="littlefs",
        notes="As the Pico W; MicroPython knows it since 1.25.",
    ),
    _board(
        "Generic ESP32 module",
        port="esp32",
        board="ESP32_GENERIC",
        flash="esptool",
        wifi="ESP32",
        files="littlefs",
        notes="MicroPython knows no LED here; many boards have one at GPIO 2: LED_PIN = 2 in main.py. Pins "
        "have only numbers, and 34 to 39 are inputs. With PSRAM, BOARD_VARIANT=SPIRAM.",
    ),
    _board(
        "linux",
        port="unix",
        board="standard",
        flash="none",
        wifi="none",
        files="the computer's",
        notes="The simulated board, python -m tools.board.",
    ),
)


def find(machine):
    """The board whose os.uname().machine this is, or None."""
    return next((board for board in BOARDS if machine.startswith(board.name)), None)


def built_as(name):
    """The board that MicroPython's build calls so, or None."""
    return next((board for board in BOARDS if board.board == name), None)


def version(numbers):
    """(1, 22) as "1.22"."""
    return ".".join(map(str, numbers))
