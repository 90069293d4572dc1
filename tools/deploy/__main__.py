"""Brings a board up to date with what is here, restarts it and shows where its page is."""

import argparse
import contextlib
import os
import sys
from pathlib import Path

import serial.tools.list_ports

from . import DeployError, log, port
from .air import AirBoard, Return
from .board import Board
from .person import Person
from .plan import Plan
from .session import Session

INDEX = "https://micropython.org/pi/v2"


def arguments():
    parser = argparse.ArgumentParser("python -m tools.deploy", description=__doc__)
    parser.add_argument("--port", help="the board's, as /dev/ttyACM0 or COM3 (else the only one there is)")
    parser.add_argument(
        "--host", help="over the air: a board's name or address, as board.local or 10.0.0.7:8080"
    )
    parser.add_argument(
        "--password-file", type=Path, help="holds its page's password (else PASSWORD in the environment)"
    )
    parser.add_argument("--script", type=Path, help="what becomes its main.py (else what it was last)")
    parser.add_argument("--secrets", action="store_true", help="ask for Wi-Fi and keys again")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")
    parser.add_argument("--yes", action="store_true", help="answer yes to every question")
    parser.add_argument(
        "--index", default=INDEX, help=f"where MicroPython's packages are, a server or a folder ({INDEX})"
    )
    return parser.parse_args()


def announce(plan, index):
    for name in plan.fetch:
        print(f"Would fetch {name} from {index}, and copy it")
    for name in plan.remove:
        print(f"Would remove {name}")
    for name, content in plan.copy.items():
        print(f"Would copy {name} ({len(content)} bytes)")
    if not plan.copy and not plan.remove and not plan.fetch:
        print("Nothing would change.")


def deploy(options):
    if options.script and not options.script.is_file():
        raise DeployError(f"There is no script {options.script}.")
    index = options.index.rstrip("/")
    if Path(index).is_dir():
        index = Path(index).resolve().as_uri()
    person = Person(options.dry_run, options.yes)
    if options.host:
        return over_the_air(options, person, index)
    name = options.port or port.choose(serial.tools.list_ports.comports())
    print(f"Looking at the board at {name}; its program stops meanwhile.", flush=True)
    with contextlib.closing(Board(name)) as board:
        try:
            board.stop()
            carry_out(options, board, person, index)
        except BaseException:
            board.give_up()
            raise
        board.restart()
        if not options.dry_run:
            start = log.Log(board)
            start.follow()
            log.show(start)


def over_the_air(options, person, index):
    print(f"Looking at the board at {options.host}; its program runs on meanwhile.", flush=True)
    session = Session(options.host, lambda: password(options, person))
    board = AirBoard(session)
    board.open()
    try:
        changes = carry_out(options, board, person, index)
    except BaseException:
        board.give_up()
        raise
    start = Return(session)
    if changes and not options.dry_run:
        start.follow()
    if not options.dry_run:
        log.show(start)


def carry_out(options, board, person, index):
    """Whether that changes anything."""
    plan = Plan(board, person, None if options.dry_run else index, options.script, options.secrets)
    if options.dry_run:
        announce(plan, index)
    elif plan.copy or plan.remove:
        board.carry_out(plan.copy, plan.remove)
    if not plan.copy and not options.dry_run:
        print("Nothing to copy: all files are there.")
    return bool(plan.copy or plan.remove)


def password(options, person):
    if options.password_file:
        try:
            return options.password_file.read_text().rstrip("\r\n")
        except OSError as error:
            raise DeployError(f"The password's file does not open: {error}.") from None
    return os.environ.get("PASSWORD") or person.password("The password of the board's page (stays hidden):")


def main():
    try:
        deploy(arguments())
    except DeployError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        print("\nStopped. make deploy goes on from there.", file=sys.stderr)
        sys.exit(130)


main()
