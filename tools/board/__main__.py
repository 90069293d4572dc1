"""A board on this computer: runs a script in the real MicroPython, with simulated pins and Wi-Fi."""

import argparse
import ast
import contextlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from . import power

DEFAULT_PORT = 8080  # a board's own, 80, is not free to everyone on a computer


def arguments():
    parser = argparse.ArgumentParser("python -m tools.board", description="A simulated board.")
    parser.add_argument("script", type=Path, help="copied to the board and run there")
    parser.add_argument("--secrets", type=Path, help="its secrets.py (and *.der beside it); else it has none")
    parser.add_argument("--http-port", type=int, help="the dashboard's (else that of the secrets, or 8080)")
    parser.add_argument("--heap", default="256k", help="bytes, or with k or M (256k)")
    parser.add_argument("--pins", type=Path, help="JSON file that always shows the state of the pins")
    parser.add_argument("--flash", type=Path, help="the board's file system (else a temporary one)")
    parser.add_argument(
        "--boot", action="store_true", help="the script is its main.py, which boot.py starts safely"
    )
    parser.add_argument("--library", type=Path, help="the modules in its firmware (else Sideboard's sources)")
    parser.add_argument(
        "--network",
        default=power.DEFAULT_NETWORK,
        help=f"whose limits it has: {', '.join(power.NETWORKS)} ({power.DEFAULT_NETWORK})",
    )
    parser.add_argument(
        "--wifi",
        action="append",
        metavar="NAME:PASSWORD",
        help="a network in reach, weaker than the one before; NAME: is an open one (that of the secrets)",
    )
    parser.add_argument("--dns-port", type=int, help="the port that is the board's 53 (it cannot have it)")
    options = parser.parse_args()
    for file in filter(None, (options.script, options.secrets)):
        if not file.is_file():
            parser.exit(2, f"There is no file {file}.\n")
    if options.library and not options.library.is_dir():
        parser.exit(2, f"There is no folder {options.library}.\n")
    if options.pins and not options.pins.absolute().parent.is_dir():
        parser.exit(2, f"There is no folder for {options.pins}.\n")
    if not re.fullmatch(r"[1-9]\d*[kKM]?", options.heap):
        parser.exit(2, f"--heap {options.heap} is no size: write it like 256k.\n")
    if options.network not in power.NETWORKS:
        *others, last = power.NETWORKS
        parser.exit(2, f"--network {options.network} is none: it is {', '.join(others)} or {last}.\n")
    return options


def settings(text, port):
    """The text of secrets.py with the dashboard's port in it."""
    if port is None and re.search(r"^DASHBOARD_PORT\s*=", text, re.M):
        return text
    return f"{text.rstrip()}\nDASHBOARD_PORT = {DEFAULT_PORT if port is None else port}\n"


def fill(flash, script, name, secrets, port):
    """Copies the script by its name there, the settings and the certificates to the board's file system."""
    shutil.copyfile(script, flash / name)
    (flash / "secrets.py").write_text(settings(secrets.read_text() if secrets else "", port))
    for certificate in secrets.parent.glob("*.der") if secrets else ():
        (flash / certificate.name).write_bytes(certificate.read_bytes())


def in_reach(wifi, secrets):
    """{name: {"password", "rssi"}, …} of --wifi, or of the secrets' network; None: all that there may be."""
    if wifi:
        known = [network.partition(":")[::2] for network in wifi]
    else:
        values = dict(assigned(secrets.read_text() if secrets else ""))
        if not isinstance(values.get("WIFI_SSID"), str):
            return None
        known = [(values["WIFI_SSID"], values.get("WIFI_PASS") or values.get("WIFI_PASSWORD") or "")]
    return {name: {"password": key, "rssi": -50 - 10 * place} for place, (name, key) in enumerate(known)}


def assigned(text):
    """The names that are plainly assigned in secrets.py, and their values."""
    with contextlib.suppress(SyntaxError, ValueError):
        for statement in ast.parse(text).body:
            match statement:
                case ast.Assign(targets=[ast.Name(name)], value=ast.Constant(value)):
                    yield name, value


@contextlib.contextmanager
def file_system(folder):
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="board-") as temporary:
            yield Path(temporary).resolve()


def main():
    options = arguments()

    def run(lifeline):
        with file_system(options.flash) as flash:
            name = "main.py" if options.boot else options.script.name
            fill(flash, options.script, name, options.secrets, options.http_port)
            if options.boot:
                with contextlib.suppress(FileExistsError), open(flash / "boot.py", "x") as boot:
                    boot.write("import safestart\n")
            board = power.Board(
                None if options.boot else name,
                flash,
                options.heap,
                options.pins,
                options.library,
                options.network,
                json.dumps(in_reach(options.wifi, options.secrets)),
                options.dns_port,
            )
            return board.run(lifeline)

    return power.supply(run)


sys.exit(main())
