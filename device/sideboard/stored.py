"""What the last run stored: read, judged, and set aside where it is broken. Used once, and then forgotten."""

import json
import os

from .errors import log
from .store import THING


def stored():
    """All of it, by name: from the new file, if power failed before that had its name."""
    values = _read("sideboard.new")
    try:
        if values:
            os.rename("sideboard.new", "sideboard.json")
            return values
        values = _read("sideboard.json")
        if values is None:
            log.error("%s is broken: it is set aside as %s", "sideboard.json", "sideboard.broken")
            os.rename("sideboard.json", "sideboard.broken")
    except OSError as error:
        log.error("%s stays: %s", "sideboard.json", error)
    return values or {}


def _read(name):
    """What a file holds: {} when there is none, None when it is broken."""
    try:
        with open(name) as file:
            text = file.read()
        values = json.loads(text)
        for name in values:
            if name == THING:
                if type(values[name]) is not dict:
                    return None
                continue
            kind, _, time, _ = values[name][:4]
            if type(kind) is not str or type(time) not in (int, float, type(None)) or time and time - time:
                return None
        if text[-1] == "}":  # before 1.26 MicroPython took JSON that ends too early
            return values
    except OSError:
        return {}
    except Exception:
        pass
