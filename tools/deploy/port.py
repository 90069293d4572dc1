"""The serial port of the board, and why it cannot be used."""

import os

from tools.boards import DOWNLOAD

from . import DeployError


def choose(ports):
    """The one port that is a USB device; `ports` are those of serial.tools.list_ports."""
    usb = sorted(port for port in ports if port.vid is not None)
    if not usb:
        raise DeployError(
            "There is no board: connect it by a USB cable that carries data, not only power. A new board "
            f"needs MicroPython first: {DOWNLOAD}"
        )
    if len(usb) > 1:
        names = " and ".join(f"{port.device} ({port.description})" for port in usb)
        raise DeployError(f"There are several boards: {names}. Choose one: make deploy PORT={usb[0].device}")
    return usb[0].device


def why_closed(port):
    """The sentence for a port that does not open."""
    if os.name == "posix" and not os.path.exists(port):
        return f"There is no port {port}: is the board connected, by a USB cable that carries data?"
    if os.name == "posix" and not os.access(port, os.R_OK | os.W_OK):
        import grp  # Windows has none

        group = grp.getgrgid(os.stat(port).st_gid).gr_name
        return f"You may not use {port}: run sudo usermod -aG {group} $USER, then log out and in again."
    return (
        f"{port} is used by another program: close it (Thonny, the Arduino IDE, a serial monitor) and run "
        "make deploy again."
    )
