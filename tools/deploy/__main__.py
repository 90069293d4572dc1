"""Brings a board up to date with what is here, restarts it and shows where its page is."""

import argparse
import contextlib
import sys
from pathlib import Path

import serial.tools.list_ports

from . import DeployError, log, port
from .board import Board
from .person import Person
from .plan import Plan

INDEX = "https://micropython.org/pi/v2"


def arguments():
    parser = argparse.ArgumentParser("python -m tools.deploy", description=__doc__)
    parser.add_argument("--port", help="the board's, as /dev/ttyACM0 or COM3 (else the only one there is)")
    parser.add_argument("--script", type=Path, help="what becomes its main.py (else what it was last)")
    parser.add_argument("--secrets", action="store_true", help="ask for Wi-Fi and keys again")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")
    parser.add_argument("--yes", action="store_true", help="answer yes to every question")
    parser.add_argument(
        "--index", default=INDEX, help=f"where MicroPython's packages are, a server or a folder ({INDEX})"
    )
    return parser.parse_args()


def carry_out(plan, board):
    for name in plan.remove:
        print(f"Removing {name}", flush=True)
        board.remove(name)
    for name, content in plan.copy.items():
        print(f"Copying {name} ({len(content)} bytes)", flush=True)
        board.write(name, content)
    if not plan.copy:
        print("Nothing to copy: all files are there.")


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
    name = options.port or port.choose(serial.tools.list_ports.comports())
    print(f"Looking at the board at {name}; its program stops meanwhile.", flush=True)
    with contextlib.closing(Board(name)) as board:
        try:
            board.stop()
            person = Person(options.dry_run, options.yes)
            source = None if options.dry_run else index
            plan = Plan(board, person, source, options.script, options.secrets)
            plan.check_room()
            if options.dry_run:
                announce(plan, index)
            else:
                carry_out(plan, board)
        except BaseException:
            with contextlib.suppress(DeployError):  # it may be that the board is gone
                board.restart()
            raise
        board.restart()
        if not options.dry_run:
            start = log.Log(board)
            start.follow()
            log.show(start)


def main():
    try:
        deploy(arguments())
    except DeployError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        print("\nStopped. make deploy goes on from there.", file=sys.stderr)
        sys.exit(130)


main()
