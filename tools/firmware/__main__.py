"""`make firmware`: builds MicroPython with Sideboard inside, says what that takes and how to flash it."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import ROOT, boards, frozen
from tools.joined import told

from . import flashing, sizes

COMPILER = "arm-none-eabi-gcc"
TOOLS = {"esp32": ["idf.py"], "rp2": ["cmake", COMPILER], "stm32": [COMPILER], "unix": []}
HINTS = {
    "idf.py": "install ESP-IDF as ports/esp32/README.md says, and run its export.sh in this shell",
    "cmake": "on Debian: apt-get install cmake",
    COMPILER: "on Debian: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi",
}
# lwIP's own are 8,000, 32 and 5 (extmod/lwip-include/lwipopts_common.h); who sets the first must set all.
LWIP = {
    "MEM_SIZE": 16000,  # bytes for what is sent and not yet acknowledged
    "MEMP_NUM_TCP_SEG": 64,
    "MEMP_NUM_TCP_PCB": 12,  # connections
    "TCP_MSS": 800,
    "TCP_WND": 6400,
    "TCP_SND_BUF": 6400,
}
LWIP_RAM = 8000 + 7 * 200 + 32 * 20  # bytes more than before
ROOM = f"""
lwIP has room for eight open pages and for {LWIP["MEM_SIZE"]:,} bytes under way.
That takes {LWIP_RAM:,} bytes of RAM. MicroPython's own has room for three pages and 8,000 bytes."""
EXAMPLE = "make firmware MICROPYTHON=../micropython PORT=rp2 BOARD=RPI_PICO_W"


class Refused(ValueError):
    """What is asked for cannot be built; the text is one sentence."""


def arguments():
    parser = argparse.ArgumentParser("python -m tools.firmware", description=__doc__.partition(": ")[2])
    for name in "micropython", "port", "board", "variant":
        parser.add_argument(f"--{name}", default="", help=f"{name.upper()} of the make command")
    parser.add_argument("--main", action="store_true", help="also freeze device/main.py, as frozen_main")
    parser.add_argument("--script", type=Path, help="a script to freeze, as frozen_main")
    return parser.parse_args()


def one_of(what, value, choices):
    if value not in choices:
        given = f"{what}={value} is none of them" if value else f"{what} is missing"
        raise Refused(f"{given}; choose one of {', '.join(sorted(choices))}.")


class Build:
    """What is to be built, checked. Refused when it cannot be."""

    def __init__(self, micropython, port, board, variant, main, script):
        if not micropython:
            raise Refused(f"MICROPYTHON is missing: the folder of MicroPython's sources, as in {EXAMPLE}.")
        self.tree = Path(micropython).expanduser().resolve()
        self._check_tree()
        one_of("PORT", port, TOOLS)
        self.port, self.board, self.variant = port, board, variant
        self.place = self.tree / "ports" / port
        if script and not script.is_file():
            raise Refused(f"SCRIPT={script} is not there.")
        self.manifest = ROOT / "manifest.py"
        self.folder = self._unix() if port == "unix" else self._board()
        for tool in TOOLS[port]:
            if not shutil.which(tool):
                raise Refused(f"PORT={port} needs {tool}, which is not here: {HINTS[tool]}.")
        parts = "build", self.board, self.variant, "sideboard", (main or script) and "main"
        name = "-".join(filter(None, parts))
        self.build = self.place / name
        if main or script:
            folder = ROOT / ".build/firmware"
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(script or ROOT / "device/main.py", folder / "main.py")
            self.manifest = folder / "manifest.py"
            self.manifest.write_text(f'include("../../manifest.py", main={str(folder)!r})\n')

    def _check_tree(self):
        header = self.tree / "py/mpconfig.h"
        if not header.is_file():
            raise Refused(f"MICROPYTHON={self.tree} is not MicroPython's source tree: {header} is not there.")
        version = re.findall(r"#define MICROPY_VERSION_M(?:AJ|IN)OR (\d+)", header.read_text())
        if tuple(map(int, version)) < boards.OLDEST:
            oldest = boards.version(boards.OLDEST)
            raise Refused(
                f"{self.tree} is MicroPython {'.'.join(version)}; Sideboard needs {oldest} or newer."
            )
        for path in self.tree, ROOT:
            if " " in str(path):
                raise Refused(f"MicroPython's make cannot work with the space in {path}: move that folder.")

    def _unix(self):
        if self.board:
            raise Refused("PORT=unix has no boards: leave BOARD out.")
        self.variant = self.variant or "standard"
        one_of("VARIANT", self.variant, {file.parent.name for file in self.place.glob("variants/*/*.mk")})
        return self.place / "variants" / self.variant

    def _board(self):
        names = {file.parent.name for file in self.place.glob("boards/*/mpconfigboard.h")}
        one_of("BOARD", self.board, names)
        folder = self.place / "boards" / self.board
        variants = {file.stem.partition("_")[2] for file in folder.glob("mpconfigvariant_*")}
        if self.variant:
            one_of("VARIANT", self.variant, variants)
        return folder

    def definitions(self):
        """What the C compiler is given where lwIP is the port's: room for pages."""
        if self.port not in ("rp2", "stm32"):
            return []
        mcu = self.folder / "mpconfigboard.mk"
        if mcu.is_file() and re.search(r"^MCU_SERIES *= *n6", mcu.read_text(), re.M):
            return []  # has four times as much by itself
        return [f"-D{name}={number}" for name, number in LWIP.items()]

    def commands(self):
        """MicroPython's own, one after another."""
        options = [f"BUILD={self.build.name}", f"FROZEN_MANIFEST={self.manifest}"]
        if self.port == "unix":
            options += [f"VARIANT={self.variant}", f"MICROPY_MANIFEST_VARIANT_DIR={self.folder}"]
        else:
            options += [f"BOARD={self.board}", *([f"BOARD_VARIANT={self.variant}"] if self.variant else [])]
        parallel = f"-j{os.cpu_count()}"
        if (self.tree / ".git").exists():  # a release's archive has them
            yield ["make", "-C", self.place, *options, "submodules"]
        yield ["make", "-C", self.tree / "mpy-cross", parallel]
        yield ["make", "-C", self.place, parallel, *options]

    def run(self):
        # Else modules that are no more stay, older than what was compiled before, or of another manifest.
        shutil.rmtree(self.build / "frozen_mpy", ignore_errors=True)
        for remembered in "frozen_content.c", "Makefile":
            (self.build / remembered).unlink(missing_ok=True)
        ours = "BOARD", "MAIN", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MICROPYTHON", "PORT", "SCRIPT", "VARIANT"
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        extra = [environment.get("CFLAGS_EXTRA"), *self.definitions()]
        environment["CFLAGS_EXTRA"] = " ".join(filter(None, extra))
        for command in self.commands():
            line = " ".join(map(str, command))
            print(f"\n{line}", flush=True)
            if subprocess.run(command, env=environment).returncode:
                raise Refused(f"MicroPython's build ended with an error, told above, at: {line}")


def tell(build):
    with tempfile.TemporaryDirectory() as folder:
        ours = frozen.modules(Path(folder), main=True)
    try:
        flash, names = sizes.modules(build.build, ours)
    except sizes.Unknown as unknown:
        print(f"\n{unknown}")
    else:
        print("\nBytes of flash that Sideboard takes:\n")
        rows = {**flash, "names that only these modules use": names}
        for name, size in rows.items():
            print(f"  {size:7,}  {name}")
        print(f"  {sum(rows.values()):7,}  in all; sideboard/rom.py is the pages and what they load")
        print("           less logging.py where the board freezes it by itself")
    if build.definitions():
        print(ROOM)
    print(f"\nThe firmware: {flashing.file_of(build.port, build.board, build.build)}")
    for step in flashing.how_to(build.port, build.board, build.folder, build.build):
        print(f"  {step}")
    names = shutil.copy(ROOT / told.NAMES, build.build)
    print(
        f"Its tracebacks hold short names; what they stand for: .venv/bin/python -m tools.joined.told {names}"
    )


def main():
    try:
        build = Build(**vars(arguments()))
        build.run()
    except Refused as refused:
        sys.exit(f"make firmware: {refused}")
    except KeyboardInterrupt:
        sys.exit(130)  # as make itself
    tell(build)


main()
