"""The page's layout: `dashboard.json`, in the Arduino Cloud's template format, streamed and never held."""

import json
import os

_FILE = "dashboard.json"
_NEW = "dashboard.new"
LARGEST = 16384  # bytes
_PIECE = 512


class Layout:
    """The file in `folder`, with a "/" at its end, or "" for the current one."""

    def __init__(self, folder=""):
        self._file = folder + _FILE
        self._new = folder + _NEW

    def exists(self):
        file = self.open()
        if file:
            file.close()
        return file is not None

    def open(self):
        """The file, to be read as text; None when there is none."""
        try:
            return open(self._file)
        except OSError:
            return None

    async def send(self, send):
        """Sends the text by the coroutine function `send`: pieces after an "L", then an "L" alone."""
        file = self.open()
        if file:
            piece = file.read(_PIECE)
            while piece:
                await send("L" + piece)
                piece = file.read(_PIECE)
            file.close()
        await send("L")

    async def save(self, read, size):
        """Takes `size` bytes by the coroutine function read(n). ValueError when they are no layout."""
        if size > LARGEST:
            raise ValueError("a layout has %d bytes at most" % LARGEST)
        try:
            with open(self._new, "wb") as file:
                while size > 0:
                    piece = await read(min(size, _PIECE))
                    file.write(piece)
                    size -= len(piece)
            _read(self._new)
            os.rename(self._new, self._file)
        except BaseException:
            os.remove(self._new)
            raise

    def remove(self):
        try:
            os.remove(self._file)
        except OSError:
            pass  # there was none

    def charted(self):
        """The names that its charts give their variables; in some templates these are ids, or titles."""
        names = set()
        try:
            widgets = _read(self._file)["widgets"]
        except (OSError, ValueError):
            return names
        for widget in widgets:
            if widget.get("type") in ("Chart", "AdvancedChart"):
                for variable in widget.get("variables") or ():
                    names.update((variable.get("variable_id"), variable.get("name")))
        return names


def _read(name):
    """A layout, parsed. ValueError when it is none."""
    with open(name) as file:
        try:
            layout = json.load(file)
            if all(isinstance(widget, dict) for widget in layout["widgets"]):
                return layout
        except (ValueError, RuntimeError, KeyError, TypeError):
            pass
    raise ValueError('a layout is JSON like {"widgets": [...]}')
