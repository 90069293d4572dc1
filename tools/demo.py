"""The demo: a local cloud, and a board that runs device/main.py or a script of one's own, until Ctrl-C."""

import argparse
import contextlib
import difflib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from . import ROOT, frozen, library
from .cloud.credentials import Credentials
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
NETWORKS = {"home": "correct horse", "workshop": "battery staple"}  # in reach of a board without settings
MAKE_VARIABLES = "SCRIPT", "DASHBOARD", "BOARD_PORT", "CLOUD_PORT", "FROZEN", "FRESH", "PYTHON"
PATIENCE = 20  # seconds in which a script is to start its page
LOOK = 0.5  # seconds between two looks whether the script was saved


@contextlib.contextmanager
def shown(*command):
    """Runs `python -m COMMAND` and shows its output; yields the process, and a function said(text).

    It waits until the text is in a line, and tells whether it came before the process ended.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", *map(str, command)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C comes to us alone, and we end it
    )
    output = []
    news = threading.Condition()

    def show():
        for line in process.stdout:
            print(f"{command[0].split('.')[-1]:>6} | {line}", end="", flush=True)
            with news:
                output.append(line)
                news.notify_all()
        with news:
            output.append(None)
            news.notify_all()

    def said(text):
        def is_there():
            return any(text in line for line in output if line)

        with news:
            news.wait_for(lambda: is_there() or None in output)
            return is_there()

    reader = threading.Thread(target=show)
    reader.start()
    try:
        yield process, said
    finally:
        process.terminate()
        process.wait()
        reader.join()


def arguments():
    parser = argparse.ArgumentParser(prog="tools.demo", description=__doc__)
    parser.error = lambda text: parser.exit(2, f"tools.demo: {text}.\n")
    parser.add_argument("--board-port", type=int, default=8080, help="the board's page")
    parser.add_argument("--cloud-port", type=int, default=8090, help="the cloud's page")
    parser.add_argument("--frozen", action="store_true", help="the board has only what firmware freezes")
    parser.add_argument("--fresh", action="store_true", help="nobody has told the board its Wi-Fi and keys")
    parser.add_argument("--script", type=Path, help="what the board runs; saved, it starts again")
    parser.add_argument("--dashboard", type=Path, help="the layout on the board, as tools.template writes it")
    parser.add_argument("--given", nargs="*", default=(), help="the names of all that make was given")
    options = parser.parse_args()
    for name in options.given:
        if name not in MAKE_VARIABLES:
            nearest = difflib.get_close_matches(name.upper(), MAKE_VARIABLES, 1, 0)[0]
            parser.exit(2, f"make demo knows no {name}: {nearest}?\n")
    for file in filter(None, (options.script, options.dashboard)):
        if not file.is_file():
            parser.exit(2, f"There is no file {file}.\n")
    if options.fresh and options.script:
        parser.error("a first start is shown with the demo's own script")
    if options.dashboard:
        try:
            json.loads(options.dashboard.read_text())
        except ValueError as error:
            parser.exit(2, f"{options.dashboard} is no layout, it is not JSON: {error}.\n")
    return options


def ask(port):
    """The variables of the board, as its page's interface tells them; OSError when it does not answer."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/variables", timeout=5) as answer:
        return json.load(answer)


def thing_of(variables):
    """The Thing for a board's variables; those without a type are named, and left out."""
    for variable in variables.values():
        if variable["type"] is None:
            print(f"\n  {variable['name']} has no type: give it one by type= or value=.", flush=True)
    return [
        {
            "name": name,
            "type": variable["type"],
            "permission": "READ_WRITE" if variable["writable"] else "READ_ONLY",
        }
        for name, variable in variables.items()
        if variable["type"]
    ]


class Demo:
    """A cloud and a board, with their files in a folder."""

    def __init__(self, options, folder):
        self._options = options
        self._folder = folder
        self._thing = None  # as the cloud has it
        self._mqtt_port = free_port()
        self.board = ["tools.board", "device/main.py", "--http-port", options.board_port]
        self.board += ["--secrets", folder / ("fresh.py" if options.fresh else "secrets.py")]
        if options.fresh:
            for name, password in NETWORKS.items():
                self.board += ["--wifi", f"{name}:{password}"]
            self.board += ["--dns-port", free_port()]
        if options.script:
            self.board[1] = options.script.resolve()
        if options.script or options.dashboard:
            self.board += ["--flash", folder / "flash"]
        if options.dashboard:
            (folder / "flash").mkdir()
            shutil.copyfile(options.dashboard, folder / "flash" / "dashboard.json")
        if options.frozen:
            modules = frozen.modules(folder / "micropython", main=True)
            library.compile_into(folder / "firmware", modules)
            self.board += ["--library", folder / "firmware"]
            # What a firmware freezes stays in flash, here it is loaded: that is no part of a board's 256 KB.
            frozen_size = sum(file.stat().st_size for file in (folder / "firmware").rglob("*.mpy"))
            self.board += ["--heap", (256 << 10) + frozen_size]

    def run(self):
        with contextlib.ExitStack() as cloud:
            if not self._options.script:
                self._serve_thing(cloud, THING)
                if self._options.fresh:
                    self._forget_settings()
                with shown(*self.board) as (process, said):
                    if self._options.fresh and said("access point"):
                        self._tell_settings()
                    if said("INFO Dashboard:"):  # the setup's address is a warning
                        self._tell("Switch on one, and look at the other.")
                    return process.wait()
            Credentials(self._folder).save(self._mqtt_port)  # the board is first: it knows its variables
            while True:
                saved = self._when_saved()
                with shown(*self.board) as (process, _):
                    self._follow_board(cloud, process)
                    while not saved():
                        time.sleep(LOOK)
                print(f"\n  {self._options.script.name} was saved: the board starts again.\n", flush=True)

    def _follow_board(self, cloud, process):
        """Gives the cloud the board's variables once its page is there, or says why it has none."""
        script = self._options.script.name
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            try:
                variables = ask(self._options.board_port)
            except OSError:
                time.sleep(0.2)
                continue
            self._serve_thing(cloud, thing_of(variables))
            self._tell(f"Save {script}, and the board starts again.")
            return
        reason = "ended without a page" if process.poll() is not None else "shows no page yet"
        print(f"\n  {script} {reason}: mend it and save it, and it starts again.\n", flush=True)

    def _serve_thing(self, cloud, thing):
        """Has the cloud serve a Thing of these variables."""
        if thing == self._thing:
            return
        cloud.close()
        self._thing = thing
        file, known = self._folder / "thing.json", self._folder / "variables.json"
        file.write_text(json.dumps(thing))
        if known.exists():  # what the cloud had of others shall not come back
            names = [variable["name"] for variable in thing]
            known.write_text(json.dumps([it for it in json.loads(known.read_text()) if it["name"] in names]))
        ports = "--http-port", self._options.cloud_port, "--mqtt-port", self._mqtt_port
        process, said = cloud.enter_context(
            shown("tools.cloud", *ports, "--dir", self._folder, "--thing", file)
        )
        if not said("ready"):
            sys.exit(process.wait())

    def _when_saved(self):
        """A function that tells whether the script was saved since."""
        file = self._options.script

        def state():
            try:
                return file.stat().st_mtime_ns, file.stat().st_size
            except OSError:
                return before  # an editor is about to put the new one in its place

        before = None
        before = state()
        return lambda: state() != before

    def _forget_settings(self):
        """Leaves the board only where the cloud is, which a real one knows."""
        lines = (self._folder / "secrets.py").read_text().splitlines(keepends=True)
        where = "CLOUD_SERVER", "CLOUD_PORT", "CLOUD_CA"
        (self._folder / "fresh.py").write_text("".join(line for line in lines if line.startswith(where)))

    def _tell_settings(self):
        """What to type on the setup page."""
        device = Credentials(self._folder)
        page = f"http://127.0.0.1:{self._options.board_port}/setup"
        print(f"\n  What a phone in the board's Wi-Fi sees:  {page}\n")
        for name, password in NETWORKS.items():
            print(f"  Wi-Fi:       {name}, password: {password}")
        print(f"  Device ID:   {device.device_id}\n  Secret Key:  {device.password}\n", flush=True)

    def _tell(self, what):
        print(f"\n  The board's page:  http://127.0.0.1:{self._options.board_port}/")
        print(f"  The cloud's page:  http://127.0.0.1:{self._options.cloud_port}/")
        print(f"\n  {what} Ctrl-C ends both.\n", flush=True)


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), tempfile.TemporaryDirectory() as temporary:
        sys.exit(Demo(options, Path(temporary)).run())


if __name__ == "__main__":
    main()
