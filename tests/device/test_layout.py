"""The layout: saved whole or not at all, and what its charts show."""

import json
import os

from flash import Flash
from observed import error_of, error_of_awaited
from sideboard.access import Refused
from sideboard.layout import charted, remove_file, save_layout

FILE = "dashboard.json"
LAYOUT = {"name": "Häuschen", "widgets": [{"type": "Switch", "variables": [{"variable_id": "led"}]}]}


class Request:
    """A request with this body, or the start of one."""

    def __init__(self, data, length=None):
        self.content_length = length or len(data)
        self.stream = self
        self._data = data

    async def readexactly(self, size):
        part, self._data = self._data[:size], self._data[size:]
        if len(part) < size:
            raise EOFError
        return part


def kept():
    with open(FILE) as file:
        return file.read()


async def test_layout_is_kept_as_it_came():
    with Flash():
        for layout in LAYOUT, dict(LAYOUT, name="ä" * 2000):
            text = json.dumps(layout)
            await save_layout(Request(text.encode()), FILE)
            assert kept() == text and os.listdir() == [FILE]


async def test_what_is_no_layout_changes_nothing():
    with Flash():
        await save_layout(Request(json.dumps(LAYOUT).encode()), FILE)
        before = kept()
        for data in (
            b"{",
            b"[]",
            b"{}",
            b'{"widgets": 1}',
            b'{"widgets": [1]}',
            b'{"widgets": {}}',
            b'{"widgets": ""}',
            b'{"widgets": null}',
            b'{"widgets": [null]}',
            b'{"widgets": [[]]}',
            b'{"widgets": [{"type": "LED", "variables": 5}]}',
            b'{"widgets": [{"type": "LED", "variables": "led"}]}',
            b'{"widgets": [{"type": "LED", "variables": {"a": 1}}]}',
            b'{"widgets": [{"type": "LED", "variables": [null]}]}',
            b'{"widgets": [{"type": "Chart", "variables": [1]}]}',
            b"\xff\xfe",
            b'{"widgets": [], "name": "\xed\xa0\x80"}',  # half a character
            b'{"widgets": [], "name": "\xc0\x80"}',  # not the shortest form
        ):
            error = await error_of_awaited(Refused, save_layout(Request(data), FILE))
            assert error.status_code == 400 and "a layout is JSON" in error.reason
        assert kept() == before and os.listdir() == [FILE]


async def test_what_is_there_already_is_not_written_again():
    with Flash() as flash:
        data = json.dumps(LAYOUT).encode()
        await save_layout(Request(data), FILE)
        before = os.stat(FILE)[8]
        await save_layout(Request(data), FILE)
        assert os.stat(FILE)[8] == before and flash.files() == [FILE]


async def test_body_that_ends_early_changes_nothing():
    with Flash():
        await error_of_awaited(EOFError, save_layout(Request(b"{", 100), FILE))
        assert os.listdir() == []


async def test_removed_layout_is_gone():
    with Flash():
        await save_layout(Request(json.dumps(LAYOUT).encode()), FILE)
        for _ in range(2):
            remove_file(FILE)
            assert os.listdir() == []


async def test_charted_are_the_variables_of_charts():
    charts = [
        {"type": "Chart", "variables": [{"variable_id": "t"}]},
        {"type": "AdvancedChart", "variables": [{"variable_id": "u"}, {"variable_id": "id-7", "name": "v"}]},
        {"type": "Gauge", "variables": [{"variable_id": "w"}]},
        {"type": "Chart"},
    ]
    with Flash():
        await save_layout(Request(json.dumps({"widgets": charts}).encode()), FILE)
        assert charted(FILE) - {None} == {"t", "u", "v", "id-7"}


def test_file_that_holds_no_layout_is_an_error():
    with Flash():
        with open(FILE, "w") as file:
            file.write("{}")
        assert "a layout is JSON" in error_of(ValueError, charted, FILE)
