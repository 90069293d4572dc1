"""The pages of a firmware."""

import sys

from sideboard import assets


class Frozen:
    """Within `with Frozen():`, the dashboard is as in a firmware: without files, the page in a module."""

    PAGE = b"\x1f\x8b" + b"page" * 3000 + b"\x01\x02\x03\x04\x05\x06\x07\x08"
    MORE = b"\x1f\x8bmore of it"
    EDITOR = b"\x1f\x8beditor"
    LOGIN = b"\x1f\x8b" + b"login" * 400

    def __enter__(self):
        self._file, assets.__file__ = assets.__file__, "sideboard/assets.py"
        sys.modules["sideboard.rom"] = self

    def __exit__(self, *error):
        assets.__file__ = self._file
        del sys.modules["sideboard.rom"]
