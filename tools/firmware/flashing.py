"""How a firmware that was built comes onto its board."""

import json
import re

DEFAULT_DFU = "0483:df11"  # the bootloader in the ROM of every STM32
DOUBLE_TAP = "Press the reset button twice quickly"


def file_of(port, board, build):
    """The file that is flashed, or run."""
    if port == "unix":
        return build / "micropython"
    if board == "ARDUINO_NANO_ESP32":
        return build / "micropython.bin"  # its bootloader stays, and takes the application alone
    return build / {"esp32": "firmware.bin", "rp2": "firmware.uf2", "stm32": "firmware.dfu"}[port]


def how_to(port, board, folder, build):
    """The steps, as lines of text. folder: the board's in MicroPython's tree."""
    file = file_of(port, board, build)
    if port == "unix":
        return [f"Run it: {file} YOUR_SCRIPT.py"]
    if port == "rp2":
        arduino = board.startswith("ARDUINO_")
        press = DOUBLE_TAP if arduino else "Hold BOOTSEL down while you plug the board in"
        return [f"{press}: a drive appears.", f"Copy {file} onto it; the board starts by itself."]
    if board == "ARDUINO_NANO_ESP32":
        return [f"{DOUBLE_TAP}: the LED pulses.", f"dfu-util -d 0x2341:0x0070 -R -D {file}"]
    if port == "esp32":
        address = flash_address(build)
        return [
            "Once, before the first MicroPython: esptool.py erase_flash",
            f"esptool.py --baud 460800 write_flash {address} {file}",
            "If it does not connect, hold BOOT down, press reset, and try again.",
        ]
    number = dfu_id(folder)
    press = "Connect BOOT0 to 3.3 V and press the reset button"
    if number != DEFAULT_DFU:
        press = f"{DOUBLE_TAP}: the LED pulses"
    return [f"{press}.", f"dfu-util -w -a 0 -d {number} -D {file}"]


def dfu_id(folder):
    """The USB id of a board's bootloader."""
    text = (folder / "mpconfigboard.mk").read_text()
    numbers = [re.search(rf"^BOOTLOADER_DFU_USB_{kind} = 0x(\w+)", text, re.M) for kind in ("VID", "PID")]
    return ":".join(number[1] for number in numbers) if all(numbers) else DEFAULT_DFU


def flash_address(build):
    """Where the firmware begins, with its bootloader: that differs between the chips."""
    return json.loads((build / "flasher_args.json").read_text())["bootloader"]["offset"]
