"""How a firmware that was built comes onto its board."""

import json
import re

from tools import boards

DEFAULT_DFU = "0483:df11"  # the bootloader in the ROM of every STM32


def file_of(port, board, build):
    """The file that is flashed, or run."""
    if port == "unix":
        return build / "micropython"
    if port == "esp32" and _has_own_bootloader(board):
        return build / "micropython.bin"  # its bootloader stays, and takes the application alone
    return build / {"esp32": "firmware.bin", "rp2": "firmware.uf2", "stm32": "firmware.dfu"}[port]


def how_to(port, board, folder, build):
    """The steps, as lines of text. folder: the board's in MicroPython's tree."""
    file = file_of(port, board, build)
    known = boards.built_as(board)
    if port == "unix":
        return [f"Run it: {file} YOUR_SCRIPT.py"]
    if port == "rp2":
        press = known.bootloader if known else boards.BOOTSEL
        return [f"{press}: a drive appears.", f"Copy {file} onto it; the board starts by itself."]
    if port == "esp32" and _has_own_bootloader(board):
        vendor, product = known.usb.split(":")
        return [
            f"{known.bootloader}: the LED pulses.",
            f"dfu-util -d 0x{vendor}:0x{product} -R -D {file}",
        ]
    if port == "esp32":
        address = flash_address(build)
        return [
            "Once, before the first MicroPython: esptool.py erase_flash",
            f"esptool.py --baud 460800 write_flash {address} {file}",
            "If it does not connect, hold BOOT down, press reset, and try again.",
        ]
    number = known.usb if known else dfu_id(folder)
    press = "Connect BOOT0 to 3.3 V and press the reset button"
    if number != DEFAULT_DFU:
        press = f"{boards.DOUBLE_TAP}: the LED pulses"
    return [f"{press}.", f"dfu-util -w -a 0 -d {number} -D {file}"]


def _has_own_bootloader(board):
    """Whether a board takes firmware by dfu-util, and not as its chip does."""
    known = boards.built_as(board)
    return known is not None and known.flash == "dfu-util"


def dfu_id(folder):
    """The USB id of the bootloader of a board that is not in the table of boards."""
    text = (folder / "mpconfigboard.mk").read_text()
    numbers = [re.search(rf"^BOOTLOADER_DFU_USB_{kind} = 0x(\w+)", text, re.M) for kind in ("VID", "PID")]
    return ":".join(number[1] for number in numbers) if all(numbers) else DEFAULT_DFU


def flash_address(build):
    """Where the firmware begins, with its bootloader: that differs between the chips."""
    return json.loads((build / "flasher_args.json").read_text())["bootloader"]["offset"]
