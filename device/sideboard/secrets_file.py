"""secrets.py, edited by its lines. Loaded only where settings are made by the page."""

import os

from filejournal import NEXT, take

from .errors import SettingsError

FILE = "secrets.py"
_CANNOT = "secrets.py cannot be edited here: see its %s"
_COMPARED = str, bytes, int, tuple, list  # and nothing that is another after each import


def read():
    """What it holds, in bytes."""
    return open(FILE, "rb").read() if FILE in os.listdir() else b""


def save(text):
    """Writes the file whole or not at all, whenever the plug is pulled. OSError when there is no room."""
    with open(FILE + NEXT, "wb") as file:
        file.write(text)
    take(FILE)


def edited(text, values):
    """The file's text, in bytes, with {name: its new value, or None: without it, …}, and what that defines.

    All other lines stay as they are. SettingsError when they are such that this cannot be.
    """
    names = list(map(str.encode, values))
    lines = text.split(b"\n")
    new = []
    while lines:
        line = lines.pop(0)
        if line.split(b"=")[0].rstrip() in names:
            while lines and not _is_whole(line):
                line += b"\n" + lines.pop(0)
        elif line or lines:  # nothing follows the last end of a line
            new.append(line)
    for name in sorted(values):
        if values[name] is not None:
            new.append(("%s = %r" % (name, values[name])).encode())
    new = b"\n".join(new + [b""])
    before, after = {}, {}
    try:
        exec(text, before)
        exec(new, after)
    except Exception as error:  # whatever it does there; the text of some holds the line
        raise SettingsError(_CANNOT % type(error).__name__) from None
    before.update(values)
    for name in before:
        value = before[name]
        told = value is None or type(value) in _COMPARED or name not in after
        if told and value != after.get(name):
            raise SettingsError(_CANNOT % name)
    return new, type("secrets", (), after)


def _is_whole(statement):
    try:
        exec(statement, {})
    except SyntaxError:
        return False
    except Exception:
        pass  # it needs others
    return True
