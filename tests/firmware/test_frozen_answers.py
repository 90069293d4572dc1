"""A firmware's dashboard answers as its sources do, though it has short names and little of microdot."""

import socket

import pytest

from tools import ROOT, frozen, library
from tools.local import Board, Cloud

TOO_LARGE = b'"' + b"a" * 5000 + b'"'
REQUESTS = {
    "page": b"GET / HTTP/1.1\r\n\r\n",
    "head of the page": b"HEAD / HTTP/1.1\r\n\r\n",
    "page with a query": b"GET /?a=1&b=%20 HTTP/1.1\r\n\r\n",
    "editor": b"GET /editor.js HTTP/1.1\r\n\r\n",
    "cookies": b"GET /api/variables HTTP/1.1\r\nCookie: a=b; c\r\n\r\n",
    "what may be asked": b"OPTIONS /api/dashboard HTTP/1.1\r\n\r\n",
    "a variable": b"GET /api/variables/led HTTP/1.1\r\n\r\n",
    "a write": b"PUT /api/variables/ledSwitch HTTP/1.1\r\nContent-Length: 4\r\n\r\ntrue",
    "a form": b"PUT /api/variables/ledSwitch HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 3\r\n\r\na=b",
    "a wrong type": b"PUT /api/variables/ledSwitch HTTP/1.1\r\nContent-Length: 1\r\n\r\n1",
    "read-only": b"PUT /api/variables/led HTTP/1.1\r\nContent-Length: 4\r\n\r\ntrue",
    "too large": b"PUT /api/variables/ledSwitch HTTP/1.1\r\nContent-Length: 5002\r\n\r\n" + TOO_LARGE,
    "far too large": b"PUT /api/variables/ledSwitch HTTP/1.1\r\nContent-Length: 20000\r\n\r\n" + bytes(20000),
    "no length": b"PUT /api/variables/ledSwitch HTTP/1.1\r\nContent-Length: two\r\n\r\n",
    "no such variable": b"GET /api/variables/no%20such+one HTTP/1.1\r\n\r\n",
    "a name that breaks": b"GET /api/variables/%zz HTTP/1.1\r\n\r\n",
    "no such place": b"GET /nowhere HTTP/1.1\r\n\r\n",
    "no such method": b"POST /api/variables HTTP/1.1\r\n\r\n",
    "no HTTP": b"hello\r\n\r\n",
    "no file": b"GET /files/a.png HTTP/1.1\r\n\r\n",
    "a path": b"GET /files/..%2Fmain.py HTTP/1.1\r\n\r\n",
    "no layout": b"GET /api/dashboard HTTP/1.1\r\n\r\n",
    "a wrong layout": b"PUT /api/dashboard HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]",
    "a layout": b'PUT /api/dashboard HTTP/1.1\r\nContent-Length: 15\r\n\r\n{"widgets": []}',
    "the layout": b"GET /api/dashboard HTTP/1.1\r\n\r\n",
    "no layout any more": b"DELETE /api/dashboard HTTP/1.1\r\n\r\n",
    "no WebSocket": b"GET /ws HTTP/1.1\r\n\r\n",
    "elsewhere": b"GET /ws HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil\r\n\r\n",
    "another name": b"GET / HTTP/1.1\r\nHost: evil\r\n\r\n",
}


def ask(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass  # as from one that does not read all of a request
    return answer


def answers(folder, modules=None):
    with (
        Cloud(folder, []) as cloud,
        Board(ROOT / "device/main.py", cloud.folder / "secrets.py", library=modules, network="host") as board,
    ):
        board.wait_for("Cloud: connected")
        return {name: ask(board.http_port, request) for name, request in REQUESTS.items()}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firmware")
    library.compile_into(folder / "modules", frozen.modules(folder / "micropython", main=True))
    return answers(folder / "sources"), answers(folder / "firmware", folder / "modules")


@pytest.mark.parametrize("name", REQUESTS)
def test_answer_is_the_same(both, name):
    source, firmware = (answer[name] for answer in both)
    assert source.startswith(b"HTTP/1.1 ")
    assert source == firmware
