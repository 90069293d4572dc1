"""The board's files from afar: taken whole or not at all, for the owner alone, and secrets never given."""

import asyncio
import hashlib
import os
import sys
from binascii import hexlify

from sideboard import files, journal
from sideboard.variables import Variable
from test_login import GUEST, OWNER, basic
from visitor import Served

ME = basic(OWNER)
BIG = bytes(range(256)) * 40


class Flash:
    """Within `with Flash():`, the working directory, with main.py, secrets.py and a module."""

    def __enter__(self):
        self._home = os.getcwd()
        self.folder = "/tmp/sideboard-files-%s" % int.from_bytes(os.urandom(6), "big")
        os.mkdir(self.folder)
        os.chdir(self.folder)
        put("main.py", b"old")
        put("secrets.py", b"SECRET = 1")
        os.mkdir("lib")
        put("lib/module.py", b"module")
        return self

    def __exit__(self, *error):
        empty(self.folder)
        os.chdir(self._home)
        os.rmdir(self.folder)


def empty(folder):
    for name in os.listdir(folder):
        path = folder + "/" + name
        if journal.is_folder(path):
            empty(path)
            os.rmdir(path)
        else:
            os.remove(path)


def put(name, content):
    with open(name, "wb") as file:
        file.write(content)


def content(name):
    with open(name, "rb") as file:
        return file.read()


def everything():
    """{name: content} of the flash."""
    return {name: content(name) for name in names()}


def names(folder="."):
    for name in os.listdir(folder):
        path = folder + "/" + name
        if journal.is_folder(path):
            yield from names(path)
        else:
            yield path[2:]


def sha256(data):
    return hexlify(hashlib.sha256(data).digest()).decode()


def served(**options):
    return Served([Variable("count", value=3)], password=OWNER, guest=GUEST, **options)


async def ask(board, method, path, body=b"", headers=ME):
    """(status, body) of the answer."""
    if method == "PUT" and not body:
        headers += "Content-Length: 0\r\n"
    status, _, answer = await board.request(method, path, body, headers)
    return status, answer


class Machine:
    """Stands in for a board's machine, within `with Machine() as machine:`."""

    def __init__(self):
        self.was_reset = asyncio.Event()

    def reset(self):
        self.was_reset.set()

    def __enter__(self):
        self._real, sys.modules["machine"] = sys.modules.get("machine"), self
        self._ms, files._SENT_MS = files._SENT_MS, 5
        return self

    def __exit__(self, *error):
        files._SENT_MS = self._ms
        del sys.modules["machine"]
        if self._real:
            sys.modules["machine"] = self._real


async def test_listing_has_the_hashes_and_none_of_secrets():
    with Flash():
        os.mkdir("files")
        put("files/a b.png", BIG)
        put("key.der", b"key")
        os.mkdir("sd")
        put("sd/card.txt", b"not ours")
        async with served() as board:
            status, listed = await board.request("GET", "/api/files", headers=ME), None
            assert status[0] == 200
            import json

            listed = json.loads(status[2])
            assert listed == {
                "main.py": sha256(b"old"),
                "secrets.py": None,
                "key.der": None,
                "lib/module.py": sha256(b"module"),
                "files/a b.png": sha256(BIG),
            }


async def test_file_is_written_read_and_removed():
    with Flash():
        async with served() as board:
            for path, name in ("main.py", "main.py"), ("files/sub/%C3%A4%20b.png", "files/sub/ä b.png"):
                for body in (BIG, b"", b"x" * 50000):
                    assert await ask(board, "PUT", "/api/files/" + path, body) == (200, b'{"saved": true}')
                    assert content(name) == body
                    status, headers, answer = await board.request("GET", "/api/files/" + path, headers=ME)
                    assert (status, answer) == (200, body)
                    assert headers["content-type"] == "application/octet-stream"
                    assert headers["x-content-type-options"] == "nosniff"
                assert await ask(board, "DELETE", "/api/files/" + path) == (200, b'{"removed": true}')
                assert (await ask(board, "GET", "/api/files/" + path))[0] == 404
            assert sorted(everything()) == ["lib/module.py", "secrets.py"]
            assert "files" in os.listdir() and os.listdir("files") == []
