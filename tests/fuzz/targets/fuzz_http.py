"""What comes on a connection to the dashboard: requests, and the frames of a page that was opened.

All is answered soundly, and nothing stays: no visitor, no page, no lock, no file but a layout.
"""

import asyncio
import logging
import os

from microdot import microdot
from sideboard import ColoredLight, page
from sideboard.dashboard import Dashboard
from sideboard.variables import Registry, Variable
from wire import MICROPYTHON, check_value, connection, is_text, json_of, sent

page._FINGERS_MS = 0
microdot.print_exception = lambda error: None  # the answer is then 400, or 500, which is not taken here

_HEAD = b" HTTP/1.1\r\nHost: board\r\n"
_UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: board\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_PONG = b"\x8a\x80\0\0\0\0"


def _text(text):
    return b"\x81" + bytes([0x80 | len(text)]) + bytes(4) + text


def _put(path, body):
    return b"PUT %s%sContent-Length: %d\r\n\r\n%s" % (path, _HEAD, len(body), body)


SEEDS = (
    b"GET /" + _HEAD + b"\r\n",
    b'GET /editor.js HTTP/1.1\r\nHost: board\r\nIf-None-Match: "0123456789abcdef"\r\n\r\n',
    b"GET /api/variables" + _HEAD + b"\r\n",
    b"GET /api/status" + _HEAD + b"Origin: http://board\r\n\r\n",
    b"GET /api/dashboard" + _HEAD + b"\r\n",
    b"DELETE /api/dashboard" + _HEAD + b"Origin: http://evil\r\n\r\n",
    b"GET /files/a%20b.png" + _HEAD + b"\r\n",
    b"GET /files/..%2fdashboard.json" + _HEAD + b"\r\n",
    b"GET /api/variables/l%65d" + _HEAD + b"Authorization: Basic OnNlY3JldA==\r\n\r\n",
    b"GET /login" + _HEAD + b"\r\n",
    b"DELETE /login" + _HEAD + b"Cookie: sideboard=0123456789abcdef\r\n\r\n",
    b"POST" + _put(b"/login", b'{"challenge": "1-00ff", "answer": "00ff"}')[3:],
    b"GET /api/variables" + _HEAD + b"Cookie: a=b; sideboard=0123456789abcdef\r\n\r\n",
    b"OPTIONS /api/variables/led" + _HEAD + b"\r\n",
    b"GET / HTTP/1.0\r\nHost: 192.168.4.1:80\r\n\r\n",
    _put(b"/api/variables/led", b"true"),
    _put(b"/api/variables/level", b"5"),
    _put(b"/api/variables/name", '"hä\\ud83d\\ude00"'.encode()),
    _put(b"/api/variables/light", b'{"hue": 120, "swi": true}'),
    _put(b"/api/dashboard", b'{"widgets": [{"type": "Chart", "variables": [{"variable_id": "t"}]}]}'),
    _UPGRADE + _PONG + _text(b'{"id": 7, "name": "led", "value": true}') + _PONG + _PONG,
    _UPGRADE
    + _PONG
    + b"\x89\x82\0\0\0\0ab"
    + _text(b'{"id": 1, "name": "light", "value": {"bri": 5}}')
    + _PONG * 3,
    _UPGRADE + _PONG + _text(b'{"id": 1, "history": "t", "range": 1}') + _PONG * 3,
    _UPGRADE + _text(b'{"id": 1}') + b"\x88\x80\0\0\0\0",
)
_BAD_MESSAGE = "ValueError", "UnicodeError", "UnicodeDecodeError", "JSONDecodeError"
_STATUSES = 101, 200, 204, 304, 400, 401, 403, 404, 405, 409, 413, 415, 421, 422, 426, 429, 503, 507


class _Complaints(logging.Handler):
    """What a page did that had to go."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage() if hasattr(record, "getMessage") else record.message)


_complaints = _Complaints()
logging.getLogger("sideboard").addHandler(_complaints)
logging.getLogger("sideboard").propagate = False


def _on_write(client, value):
    pass


def _board(password=None):
    registry = Registry()
    for variable in (
        Variable("led", value=False, on_write=_on_write),
        Variable("level", value=1, on_write=_on_write, min=0, max=10),
        Variable("t", value=1.5),
        Variable("name", value="", on_write=_on_write),
        Variable("x", on_write=_on_write),
        ColoredLight("light", on_write=_on_write),
    ):
        registry.add(variable)
    registry.set_status(title="Sideboard", cloud="offline", error=None)
    return Dashboard(registry, password=password, guest=password and "guest", names=("board",))


class _Boards:
    open = locked = None


async def check(data):
    if not _Boards.open:
        os.mkdir("files")
        with open("files/a b.png", "w") as file:
            file.write("image")
        _Boards.open, _Boards.locked = _board(), _board("secret")
    secured = b"uthorization" in data or b"login" in data or b"ookie" in data
    board = _Boards.locked if secured else _Boards.open
    _complaints.texts.clear()
    reader, writer = connection(data)
    await board._visit(reader, writer)
    for _ in range(3):
        await asyncio.sleep(0)
    _check_answer(sent(writer))
    _check_rest(board)


def _check_rest(board):
    for text in _complaints.texts:
        assert "A page had to go" not in text or text.split("(")[0].split()[-1] in _BAD_MESSAGE, text
        assert is_text(text.encode()), text
    registry = board.registry
    assert not board.visitors and not board._turn.locked() and not registry.flash.locked()
    assert registry.peers == [registry.history] if registry.history else not registry.peers
    assert set(os.listdir(".")) <= {"files", "dashboard.json"} and os.listdir("files") == ["a b.png"]
    for variable in registry.variables.values():
        check_value(variable.value)
    if not MICROPYTHON:
        pasts = [one.registry.history for one in (_Boards.open, _Boards.locked)]
        tasks = asyncio.all_tasks() - {one.task for one in pasts if one}
        assert len(tasks) == 1, tasks


def _check_answer(answer):
    if not answer:
        return
    head, end, rest = answer.partition(b"\r\n\r\n")
    assert end and is_text(head), "no head: %r" % answer
    lines = head.split(b"\r\n")
    version, _, status = lines[0].partition(b" ")
    assert version == b"HTTP/1.1" and int(status[:3]) in _STATUSES, lines[0]
    for line in lines[1:]:
        assert b":" in line and b"\n" not in line and b"\r" not in line, line
    if status[:3] == b"101":
        _check_frames(rest)
    elif b"application/json" in head and rest:
        value = json_of(rest)
        assert int(status[:3]) < 400 or isinstance(value["error"], str), value


def _check_frames(data):
    text = None
    while data:
        kind, size = data[0], data[1]
        start = 2
        if size == 126:
            size, start = data[2] << 8 | data[3], 4
        assert len(data) >= start + size, "half a frame"
        part, data = data[start : start + size], data[start + size :]
        if kind & 15 == 8:
            assert not data, "more after the last word"
        elif kind & 15 < 3:
            text = part if kind & 15 else text + part
            if kind & 128:
                assert is_text(text), text
                if text[:1] != b"L":
                    json_of(text)
        else:
            assert kind & 15 in (9, 10), "a frame of kind %d" % kind
