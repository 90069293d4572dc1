"""What is to be on a board: the package and what it needs, compiled if that helps, and the application."""

import hashlib
import json
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from tools.library import DEVICE, STARTER, compile_into, modules
from tools.package import LOGGING

from . import DeployError

SCRIPT = DEVICE / "main.py"
APPLICATION = "boards.py", "main.py"  # the user's to edit
MPY = 6  # the version of what mpy-cross writes


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def sources():
    """{"sideboard": {"sideboard/color.py": its source, …}, …} by what is imported to see if it is there."""
    files = {name: file for name, file in modules().items() if name not in APPLICATION}
    parts = {}
    for name, file in files.items():
        package = name.partition("/")[0]
        is_package = f"{package}/__init__.py" in files
        module = package if is_package else name.removesuffix(".py").replace("/", ".")
        parts.setdefault(module, {})[name] = file
    return parts


def library(built_in, compiled):
    """{"lib/sideboard/color.mpy": content, …}, without what the firmware brings."""
    parts = {module: files for module, files in sources().items() if module not in built_in}
    files = {name: file for part in parts.values() for name, file in part.items()}
    if compiled:
        with tempfile.TemporaryDirectory() as folder:
            names = compile_into(Path(folder), files)
            content = {name: (Path(folder) / name).read_bytes() for name in names}
    else:
        content = {name: file.read_bytes() for name, file in files.items()}
    if "sideboard" in parts:
        for file in sorted((DEVICE / "sideboard").glob("*.gz")):
            content[f"sideboard/{file.name}"] = file.read_bytes()
    if "safestart" in parts:
        content[STARTER] = (DEVICE / STARTER).read_bytes()
    return {f"lib/{name}": data for name, data in content.items()}


def application(script=SCRIPT):
    """{name: content} of the user's files; without a script of the one beside it."""
    found = {"boards.py": (DEVICE / "boards.py").read_bytes()}
    if script:
        found["main.py"] = script.read_bytes()
    return found


def logging(index, compiled):
    """{"lib/logging.mpy": content} from an index of packages for MicroPython."""
    try:
        package = json.loads(_get(f"{index}/package/{MPY if compiled else 'py'}/logging/{LOGGING}.json"))
        return {
            f"lib/{name}": _checked(_get(f"{index}/file/{start[:2]}/{start}"), start)
            for name, start in package["hashes"]
        }
    except (OSError, ValueError, KeyError) as error:
        reason = getattr(error, "reason", error)
        raise DeployError(
            f"The board has no module logging, and it did not come from {index} ({reason}): is this computer "
            "connected to the internet? INDEX= names another server, or a folder."
        ) from None


def _get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def _checked(content, start):
    if not sha256(content).startswith(start):
        raise ValueError("what came is damaged")
    return content
