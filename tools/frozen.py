"""What manifest.py puts into a firmware, as MicroPython's own tools read it in a stand-in for its tree."""

import functools
import importlib.util
import shutil
from pathlib import Path

from . import ROOT
from .library import INSTALLED

MANIFEST = ROOT / "manifest.py"
BUILD = ROOT / ".build"
SOURCES = {"1.22": BUILD / "mpy-cross-6.2/micropython", "1.26": BUILD / "mpy-cross-6.3/micropython"}
LOGGING = ROOT / "tools/board/lib/logging.py"  # stands in for micropython-lib's


@functools.cache
def reader(version):
    """The module that reads manifests in this version of MicroPython."""
    spec = importlib.util.spec_from_file_location("manifestfile", SOURCES[version] / "tools/manifestfile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stand_in(tree):
    """Makes a folder look like MicroPython's tree: the libraries that manifest.py requires, and asyncio."""
    library = tree / "lib/micropython-lib"
    manifests = {
        library / "python-stdlib/logging": 'module("logging.py")',
        library / "micropython/umqtt.simple": 'package("umqtt")',
        tree / "extmod/asyncio": "",
    }
    for folder, text in manifests.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.py").write_text(f'metadata(version="0.1.0")\n{text}\n')
    shutil.copy(LOGGING, library / "python-stdlib/logging")
    shutil.copytree(INSTALLED / "umqtt", library / "micropython/umqtt.simple/umqtt", dirs_exist_ok=True)


def read(tree, port, board="", version="1.26", manifest=MANIFEST, **variables):
    """Reads a manifest as the build does for a port and board; returns [(name, source file, level), …]."""
    manifestfile = reader(version)
    paths = {
        "MPY_DIR": str(tree),
        "MPY_LIB_DIR": str(tree / "lib/micropython-lib"),
        "PORT_DIR": str(tree / "ports" / port),
        "BOARD_DIR": str(tree / "ports" / port / "boards" / board) if board else "",
        **variables,
    }
    reading = manifestfile.ManifestFile(manifestfile.MODE_FREEZE, paths)
    reading.execute(str(manifest))
    return [(file.target_path, Path(file.full_path), file.opt) for file in reading.files()]


def modules(folder, main=False):
    """{"sideboard/client.py": its source file, …}: all that manifest.py adds to a board's own modules.

    folder: the sources may lie in it; main: with main.py, or the folder of another.
    """
    stand_in(folder)
    manifest = folder / "manifest.py"
    manifest.write_text(f"include({str(MANIFEST)!r}, main={main!r})\n")
    return {name: source for name, source, _ in read(folder, "", manifest=manifest)}
