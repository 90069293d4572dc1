"""secrets.py, edited by its lines. Loaded only where settings are made by the page."""

import os
from errno import ENOENT

from .errors import SettingsError

FILE = "secrets.py"
_PLAIN = str, bytes, int, tuple, list  # what can be compared


def text_of_secrets():
    """What the file holds, in bytes."""
    try:
        with open(FILE, "rb") as file:
            return file.read()
    except OSError as error:
        if error.errno != ENOENT:
            raise
        return b""


def edited(text, values):
    """The file's text, in bytes, with {name: its new value, or None: without it, …}, and what that defines.

    All other lines stay as they are. SettingsError when they are such that this cannot be.
    """
    names = {name.encode(): name for name in values}
    left = dict(values)
    lines = text.split(b"\n")
    new = []
    while lines:
        line = lines.pop(0)
        name = names.get(line.split(b"=")[0].rstrip())
        if name:
            while lines and not _is_whole(line):
                line += b"\n" + lines.pop(0)
            new += _assigned(name, left.pop(name, None))
        elif lines or line:  # nothing follows the last end of a line
            new.append(line)
    for name in sorted(left):
        new += _assigned(name, left[name])
    new = b"\n".join(new + [b""])
    before, after = {}, {}
    try:
        exec(text, before)
        exec(new, after)
    except Exception as error:
        raise SettingsError("secrets.py cannot be edited: %r" % error) from None
    before.update(values)
    for name in before:
        value = before[name]
        if (value is None or type(value) in _PLAIN) and value != after.get(name):
            raise SettingsError("secrets.py sets %s in a way that cannot be edited" % name)
    return new, type("secrets", (), after)


def save(text):
    """Writes the file as a whole, or not at all. OSError when there is no room."""
    with open("secrets.new", "wb") as file:
        file.write(text)
    os.rename("secrets.new", FILE)


def _assigned(name, value):
    return [] if value is None else [("%s = %r" % (name, value)).encode()]


def _is_whole(statement):
    try:
        exec(statement, {})
    except SyntaxError:
        return False
    except Exception:
        pass  # it is not alone in secrets.py
    return True
