"""The demo: a local cloud, and a board that runs device/main.py, until Ctrl-C."""

import argparse
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from . import ROOT, frozen, library
from .processes import free_port

THING = [
    {"name": "ledSwitch", "type": "bool", "permission": "READ_WRITE", "value": True},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {
        "name": "light",
        "type": "ColoredLight",
        "permission": "READ_WRITE",
        "value": {"swi": True, "hue": 28, "sat": 85, "bri": 90},
    },
]


@contextlib.contextmanager
def started(ready, *command):
    """Runs `python -m COMMAND` and shows its output; goes on once a line of it holds `ready`."""
    process = subprocess.Popen(
        [sys.executable, "-m", *map(str, command)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C comes to us alone, and we end it
    )
    is_ready = threading.Event()

    def show():
        for line in process.stdout:
            print(f"{command[0].split('.')[-1]:>6} | {line}", end="", flush=True)
            if ready in line:
                is_ready.set()
        is_ready.set()

    shown = threading.Thread(target=show)
    shown.start()
    try:
        is_ready.wait()
        if process.poll() is not None:
            sys.exit(process.returncode)
        yield process
    finally:
        process.terminate()
        process.wait()
        shown.join()


def arguments():
    parser = argparse.ArgumentParser(prog="tools.demo", description=__doc__)
    parser.add_argument("--board-port", type=int, default=8080, help="the board's page")
    parser.add_argument("--cloud-port", type=int, default=8090, help="the cloud's page")
    parser.add_argument("--frozen", action="store_true", help="the board has only what firmware freezes")
    return parser.parse_args()


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        thing = folder / "thing.json"
        thing.write_text(json.dumps(THING))
        cloud = ("tools.cloud", "--http-port", options.cloud_port, "--mqtt-port", free_port())
        board = ["tools.board", "device/main.py", "--http-port", options.board_port]
        if options.frozen:
            modules = frozen.modules(folder / "micropython", main=True)
            library.compile_into(folder / "firmware", modules)
            board += ["--library", folder / "firmware"]
        with (
            started("ready", *cloud, "--dir", folder, "--thing", thing),
            started("Dashboard:", *board, "--secrets", folder / "secrets.py") as running,
        ):
            print(f"\n  The board's page:  http://127.0.0.1:{options.board_port}/")
            print(f"  The cloud's page:  http://127.0.0.1:{options.cloud_port}/")
            print("\n  Switch on one, and look at the other. Ctrl-C ends both.\n", flush=True)
            running.wait()


if __name__ == "__main__":
    main()
