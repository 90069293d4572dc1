"""A board's flash in a folder of its own, and a dashboard whose owner gets at its files."""

import asyncio
import hashlib
import json
import os
import sys
from binascii import hexlify

from sideboard import files
from sideboard.variables import Variable
from test_login import GUEST, OWNER, basic
from visitor import Served

ME = basic(OWNER)
BIG = bytes(range(256)) * 40


class Flash:
    """Within `with Flash():`, the working directory, with main.py, secrets.py and a module.

    folder: holds the flash alone.
    """

    def __enter__(self):
        self._home = os.getcwd()
        self.folder = "/tmp/sideboard-files-%s" % int.from_bytes(os.urandom(6), "big")
        os.mkdir(self.folder)
        os.mkdir(self.folder + "/flash")
        os.chdir(self.folder + "/flash")
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
        if files._is_folder(path):
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
        if files._is_folder(path):
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
        self._ms, files._ANSWER_MS = files._ANSWER_MS, 5
        return self

    def __exit__(self, *error):
        files._ANSWER_MS = self._ms
        del sys.modules["machine"]
        if self._real:
            sys.modules["machine"] = self._real


async def listing(board):
    status, answer = await ask(board, "GET", "/api/files")
    assert status == 200, answer
    return json.loads(answer)
