"""The board's files from afar: taken whole or not at all, one after the other."""

import asyncio
import json
import os

from flash import until
from remote_files import BIG, ME, Flash, ask, content, everything, listing, put, served, sha256
from sideboard import files
from visitor import Impatient


async def test_listing_has_the_hashes_and_none_of_secrets():
    with Flash():
        os.mkdir("files")
        put("files/a b.png", BIG)
        put("key.der", b"key")
        os.mkdir("sd")
        put("sd/card.txt", b"not ours")
        async with served() as board:
            assert await listing(board) == {
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
                for body in BIG, b"", b"x" * 50000:
                    assert await ask(board, "PUT", "/api/files/" + path, body) == (200, b'{"saved": true}')
                    assert content(name) == body
                    status, headers, answer = await board.request("GET", "/api/files/" + path, headers=ME)
                    assert (status, answer) == (200, body)
                    assert headers["x-content-type-options"] == "nosniff"
                assert await ask(board, "DELETE", "/api/files/" + path) == (200, b'{"removed": true}')
                assert (await ask(board, "GET", "/api/files/" + path))[0] == 404
            assert sorted(everything()) == ["lib/module.py", "secrets.py"]
            assert os.listdir("files") == []


async def test_file_with_another_hash_is_refused_and_the_old_one_stays():
    with Flash():
        async with served() as board:
            before = everything()
            for digest, status in (sha256(b"sent"), 422), ("", 422), (sha256(BIG), 200):
                assert everything() == before
                answer = await ask(board, "PUT", "/api/files/main.py", BIG, ME + "X-SHA256: %s\r\n" % digest)
                assert answer[0] == status, answer
            assert content("main.py") == BIG


async def test_body_of_unknown_length_is_refused():
    with Flash():
        async with served() as board:
            before = everything()
            chunked = ME + "Transfer-Encoding: chunked\r\n"
            assert (await board.request("PUT", "/api/files/main.py", headers=chunked))[0] == 411
            assert everything() == before


class Room:
    """Within `with Room(free, at):`, the flash has so many bytes free, and is full at so many of a file."""

    def __init__(self, free, at=None):
        self._free, self._at = free, at

    def __getattr__(self, name):
        return getattr(os, name)

    def statvfs(self, path):
        return 4096, 1, 1 << 20, self._free, self._free, 0, 0, 0, 0, 255

    def open(self, name, mode="r"):
        file = open(name, mode)
        return Short(file, self._at) if mode == "wb" and self._at else file

    def __enter__(self):
        files.os, files.open = self, self.open

    def __exit__(self, *error):
        files.os = os
        del files.open


class Short:
    """A file that takes so many bytes."""

    def __init__(self, file, left):
        self._file, self._left = file, left

    def write(self, piece):
        self._left -= len(piece)
        if self._left < 0:
            raise OSError(28, "")
        self._file.write(piece)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()


async def test_file_that_does_not_fit_is_heard_to_its_end_and_the_old_one_stays():
    with Flash():
        async with served() as board:
            before = everything()
            for room in Room(8192 + len(BIG) - 1), Room(1 << 20, 3000), Room(0):
                with room:
                    answer = await ask(board, "PUT", "/api/files/main.py", BIG)
                assert answer == (507, b'{"error": "the flash is full"}')
                assert everything() == before
            with Room(8192 + len(BIG)):
                assert (await ask(board, "PUT", "/api/files/main.py", BIG))[0] == 200


async def test_file_where_a_folder_would_have_to_be_is_refused():
    with Flash():
        async with served() as board:
            before = everything()
            status, answer = await ask(board, "PUT", "/api/files/main.py/x", b"body")
            assert (status, list(json.loads(answer))) == (409, ["error"])
            assert everything() == before


HEAD = "PUT /api/files/main.py HTTP/1.1\r\nHost: board\r\nContent-Length: %d\r\n" + ME + "\r\n"


async def test_upload_that_is_cut_leaves_the_old_file():
    with Flash():
        async with served() as board:
            before = everything()
            for sent in 0, 1, 5000, len(BIG) - 1:
                visitor = await board.visit(HEAD % len(BIG))
                await visitor.send(BIG[:sent])
                if sent:
                    await until(lambda: files._DRAFT in os.listdir())
                visitor.close()
                await board.connections(0)
                assert everything() == before, sent


async def test_upload_that_stalls_is_ended_and_one_that_goes_on_is_not():
    with Flash():
        async with served() as board:
            before = everything()
            with Impatient():
                visitor = await board.visit(HEAD % len(BIG))
                for at in range(0, 5120, 512):
                    await visitor.send(BIG[at : at + 512])
                    await asyncio.sleep(0.02)
                    assert len(board.visitors) == 1, "it went on"
                assert await visitor.is_closed()
                await board.connections(0)
            assert everything() == before
            assert (await ask(board, "PUT", "/api/files/main.py", BIG))[0] == 200


async def test_ten_uploads_at_once_are_taken_one_after_the_other():
    with Flash():
        async with served(places=12) as board:
            visitors = []
            for number in range(10):
                body = bytes([number]) * len(BIG)
                head = HEAD.replace("main.py", "files/%d" % (number % 5)) % len(BIG)
                visitors.append((await board.visit(head), body))
            for visitor, body in visitors:
                await visitor.send(body[:5000])
            for visitor, body in visitors:
                await visitor.send(body[5000:])
            for visitor, _ in visitors:
                assert (await visitor.head())[0] == 200
            for number in range(5):
                assert content("files/%d" % number) in (
                    bytes([number]) * len(BIG),
                    bytes([number + 5]) * len(BIG),
                )
            assert len(os.listdir("files")) == 5 and files._DRAFT not in os.listdir()


async def test_writing_takes_its_turn_at_the_flash():
    with Flash():
        async with served() as board:
            async with board.registry.flash:
                visitor = await board.visit((HEAD % len(BIG)).encode() + BIG)
                assert await visitor.hears_nothing()
                assert content("main.py") == b"old"
            assert (await visitor.head())[0] == 200
