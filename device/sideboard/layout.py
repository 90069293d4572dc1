"""The layout, dashboard.json: checked and saved, and what its charts show. Loaded where there is one."""

import json
import os

from .access import Refused
from .clock import uptime
from .compat import text_of
from .visitor import receive

_ENOSPC = 28  # MicroPython's errno lacks it
_APART_MS = 2000  # between two layouts: flash wears out


async def change(dashboard, request):
    """Takes the layout that a request brings, or removes the one that is there, and has all pages show it."""
    now = uptime(1)
    if now - dashboard.written < _APART_MS:
        raise Refused(429, _APART_MS // 1000)
    dashboard.written = now
    async with dashboard.registry.flash:
        if request.method == "PUT":
            await save_layout(request, dashboard.layout)
        else:
            remove_file(dashboard.layout)
    dashboard.keep_history()
    for visitor in dashboard.visitors:
        if visitor.page:
            visitor.page.show_layout()
    return {"saved": True}


async def save_layout(request, file):
    """Takes the layout that a request brings. Refused when it is none or has no room: nothing changed."""
    new = file + ".new"
    try:
        with open(new, "wb") as stream:
            await receive(request, stream.write)
        charted(new)
        if not _same(new, file):
            os.rename(new, file)
    except ValueError as error:
        raise Refused(400, str(error)) from None
    except OSError as error:
        if error.errno == _ENOSPC:
            raise Refused(507, "the flash is full: the layout is as it was") from None
        raise
    finally:
        remove_file(new)


def remove_file(file):
    """Removes a file, if there is one. Without a layout the page makes one of its own."""
    try:
        os.remove(file)
    except OSError:
        pass  # there is none


def charted(file):
    """The names that its charts give their variables; in some templates these are ids, or titles.

    ValueError when the file holds no layout, or no text that a browser takes.
    """
    names = set()
    with open(file) as stream:
        try:
            piece = True
            while piece:
                piece = stream.read(512)
                if text_of(piece) != piece:
                    raise ValueError
            stream.seek(0)
            for widget in [] + json.load(stream)["widgets"]:
                for variable in [] + (widget.get("variables") or []):
                    ids = variable.get("variable_id"), variable.get("name")
                    if widget.get("type") in ("Chart", "AdvancedChart", "AdvancedMap"):
                        names.update(ids)
        except (ValueError, RuntimeError, KeyError, TypeError, AttributeError):
            raise ValueError('a layout is JSON like {"widgets": [...]}') from None
    return names


def _same(one, other):
    """Whether two files hold the same; flash wears out."""
    try:
        with open(one, "rb") as one, open(other, "rb") as other:
            piece = True
            while piece:
                piece = one.read(512)
                if piece != other.read(512):
                    return False
        return True
    except OSError:
        return False  # there was none
