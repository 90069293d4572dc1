"""Layouts: what is taken is JSON in UTF-8 whose widgets are a list of objects."""

import os

from sideboard.layout import charted
from wire import MICROPYTHON, is_text, json_of

_FILE = "layout"
SEEDS = (
    b'{"name": "H\xc3\xa4uschen", "widgets": []}',
    b'{"widgets": [{"type": "Chart", "variables": [{"variable_id": "t"}, {"name": "u"}]}]}',
    b'{"widgets": [{"type": "Gauge", "x": 1, "y": 0, "width": 4, "height": 4, '
    b'"options": {"min": 0, "max": 1e2},'
    b' "variables": [{"variable_id": "id-7", "name": "v"}]}], "pages": [{"id": "p", "position": 0}]}',
    b'{"name": "' + "äöü€😀".encode() * 60 + b'", "widgets": [{"type": "AdvancedChart"}]}',
)


def check(data):
    with open(_FILE, "wb") as file:
        file.write(data)
    try:
        names = charted(_FILE)
    except ValueError:
        return
    finally:
        os.remove(_FILE)
    assert isinstance(names, set)
    if MICROPYTHON:  # its JSON is not strict; what is not is said on the page
        assert is_text(data) or b"\xed" in data, "no text"
    elif b"NaN" not in data and b"Infinity" not in data:
        layout = json_of(data.decode().encode())
        assert all(isinstance(widget, dict) for widget in layout["widgets"])
