"""What device/boards.py knows of each board, for commands that speak to boards or build their firmware."""

import configparser
import dataclasses

from device import boards as on_board


@dataclasses.dataclass(frozen=True)
class Board:
    """A board by its name, with which os.uname().machine begins there, and sys.implementation._machine.

    led and rgb: pins, None if there are none; led_on and rgb_on: the level that lights them. port and board:
    what MicroPython's build calls them. flash, wifi, files and notes: see device/boards.py.
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


def every():
    """All boards, as listed."""
    sections = configparser.ConfigParser(interpolation=None)
    sections.read_string(on_board.__doc__[on_board.__doc__.index("\n[") :])
    return [_board(name, dict(sections[name])) for name in sections.sections()]


def find(machine):
    """The board whose os.uname().machine this is, or None."""
    return next((board for board in every() if machine.startswith(board.name)), None)


def _board(name, facts):
    facts["notes"] = " ".join(facts["notes"].split())
    return Board(name, *on_board.LEDS[name], **facts)
