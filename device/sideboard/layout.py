"""The layout, dashboard.json: checked and saved, and what its charts show. Loaded where there is one."""

import json
import os

from .visitor import receive


async def save_layout(request, file):
    """Takes the layout that a request brings. ValueError when it is none: nothing changed."""
    new = file + ".new"
    try:
        with open(new, "wb") as stream:
            await receive(request, stream.write)
        charted(new)
        os.rename(new, file)
    finally:
        remove_layout(new)


def remove_layout(file):
    """Removes the layout, if there is one: then the page makes one of its own."""
    try:
        os.remove(file)
    except OSError:
        pass  # there is none


def charted(file):
    """The names that its charts give their variables; in some templates these are ids, or titles.

    ValueError when the file holds no layout.
    """
    names = set()
    with open(file) as file:
        try:
            for widget in json.load(file)["widgets"]:
                if widget.get("type") in ("Chart", "AdvancedChart"):
                    for variable in widget.get("variables") or ():
                        names.update((variable.get("variable_id"), variable.get("name")))
        except (ValueError, RuntimeError, KeyError, TypeError, AttributeError):
            raise ValueError('a layout is JSON like {"widgets": [...]}') from None
    return names
