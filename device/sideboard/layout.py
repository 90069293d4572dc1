"""The page's layout: a file in the Arduino Cloud's template format, streamed and never held."""

import json
import os

LARGEST = 16384  # bytes: so many microdot takes


async def receive(request, write):
    """Gives the body of a request to `write`, in pieces."""
    left = request.content_length
    while left > 0:
        piece = await request.stream.readexactly(min(left, 512))
        write(piece)
        left -= len(piece)


async def save(request, name):
    """Takes the layout that a request brings, or removes it. ValueError when it is none: nothing changed."""
    if request.method == "DELETE":
        try:
            os.remove(name)
        except OSError:
            pass  # there was none
        return
    new = name + ".new"
    try:
        with open(new, "wb") as file:
            await receive(request, file.write)
        charted(new)
        os.rename(new, name)
    except BaseException:
        os.remove(new)
        raise


def charted(name):
    """The names that its charts give their variables; in some templates these are ids, or titles.

    ValueError when the file holds no layout.
    """
    names = set()
    with open(name) as file:
        try:
            for widget in json.load(file)["widgets"]:
                if widget.get("type") in ("Chart", "AdvancedChart"):
                    for variable in widget.get("variables") or ():
                        names.update((variable.get("variable_id"), variable.get("name")))
        except (ValueError, RuntimeError, KeyError, TypeError, AttributeError):
            raise ValueError('a layout is JSON like {"widgets": [...]}') from None
    return names
