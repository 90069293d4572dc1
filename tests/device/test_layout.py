"""The layout: saved whole or not at all, streamed in pieces, and what its charts show."""

import json
import os

from flash import Flash
from observed import error_of_awaited
from sideboard.layout import LARGEST, Layout

LAYOUT = {"name": "Häuschen", "widgets": [{"type": "Switch", "variables": [{"variable_id": "led"}]}]}


class Body:
    """A request's body."""

    def __init__(self, data):
        self._data = data

    async def read(self, size):
        part, self._data = self._data[:size], self._data[size:]
        if not part:
            raise EOFError
        return part


async def save(layout, data):
    await layout.save(Body(data).read, len(data))


async def sent(layout):
    pieces = []

    async def send(piece):
        pieces.append(piece)

    await layout.send(send)
    return pieces


async def test_saved_layout_is_sent_in_short_pieces_and_an_end():
    with Flash():
        layout = Layout()
        text = json.dumps(dict(LAYOUT, name="ä" * 2000))
        await save(layout, text.encode())
        pieces = await sent(layout)
        assert pieces[-1] == "L" and "".join(piece[1:] for piece in pieces) == text
        assert all(piece[0] == "L" and len(piece) <= 513 for piece in pieces)


async def test_without_a_layout_only_the_end_is_sent():
    with Flash():
        assert not Layout().exists() and await sent(Layout()) == ["L"]


async def test_what_is_no_layout_changes_nothing():
    with Flash():
        layout = Layout()
        await save(layout, json.dumps(LAYOUT).encode())
        before = await sent(layout)
        for data in b"{", b"[]", b"{}", b'{"widgets": 1}', b'{"widgets": [1]}', b"\xff\xfe":
            error = await error_of_awaited(ValueError, save(layout, data))
            assert "a layout is JSON" in str(error)
        assert await sent(layout) == before and os.listdir() == ["dashboard.json"]


async def test_layout_that_is_too_large_is_refused():
    with Flash():
        error = await error_of_awaited(ValueError, save(Layout(), b" " * (LARGEST + 1)))
        assert "16384" in str(error) and os.listdir() == []


async def test_body_that_ends_early_changes_nothing():
    with Flash():
        await error_of_awaited(EOFError, Layout().save(Body(b"{").read, 100))
        assert os.listdir() == []


async def test_removed_layout_is_gone():
    with Flash():
        layout = Layout()
        await save(layout, json.dumps(LAYOUT).encode())
        layout.remove()
        layout.remove()
        assert not layout.exists()


async def test_charted_are_the_variables_of_charts():
    charts = [
        {"type": "Chart", "variables": [{"variable_id": "t"}]},
        {"type": "AdvancedChart", "variables": [{"variable_id": "u"}, {"variable_id": "id-7", "name": "v"}]},
        {"type": "Gauge", "variables": [{"variable_id": "w"}]},
        {"type": "Chart"},
    ]
    with Flash():
        layout = Layout()
        assert layout.charted() == set()
        await save(layout, json.dumps({"widgets": charts}).encode())
        assert layout.charted() - {None} == {"t", "u", "v", "id-7"}
