"""Files that wait get their names all together, whenever the plug is pulled; and the restart."""

import os

import filejournal
from loopback import soon
from remote_files import BIG, Flash, Machine, ask, content, everything, listing, put, served, sha256
from sideboard import secrets_file


async def test_what_a_pulled_plug_left_is_removed_or_brought_to_an_end():
    with Flash():
        for name in "draft.next", "main.py.next", "lib/module.py.next":
            put(name, b"half")
        async with served() as board:
            assert sorted(await listing(board)) == ["lib/module.py", "main.py", "secrets.py"]
            assert sorted(everything()) == ["lib/module.py", "main.py", "secrets.py"]
    with Flash():
        put("main.py.next", b"new")
        put(filejournal.JOURNAL, b"hash main.py\n")
        async with served() as board:
            assert (await listing(board))["main.py"] == sha256(b"new")
            assert sorted(everything()) == ["lib/module.py", "main.py", "secrets.py"]


class Store:
    """Counts how often all is stored."""

    writes = 0

    async def write(self):
        self.writes += 1


async def restart(board, journal=b""):
    """(status, whether the board was reset)."""
    board.registry.store, board.registry.history = Store(), Store()
    with Machine() as machine:
        status, answer = await ask(board, "POST", "/api/restart", journal)
        if status == 202:
            assert answer == b"{}"
            await soon(machine.was_reset.wait())
        for one in board.registry.store, board.registry.history:
            assert one.writes == machine.was_reset.is_set()
        return status


async def test_restart_stores_what_changed_and_resets():
    with Flash():
        async with served() as board:
            assert await restart(board) == 202


async def test_files_that_wait_get_their_names_at_the_restart_all_together():
    with Flash():
        async with served() as board:
            new = {"main.py": b"new", "lib/other.py": BIG, "files/a b.txt": b""}
            for name in new:
                path = "/api/files/%s.next" % name.replace(" ", "%20")
                assert (await ask(board, "PUT", path, new[name]))[0] == 200
            assert content("main.py") == b"old" and "lib/other.py" not in everything()
            assert not [name for name in await listing(board) if "next" in name]
            lines = ["%s %s\n" % (sha256(new[name]), name) for name in new]
            assert await restart(board, "".join(lines + ["- lib/module.py\n"]).encode()) == 202
            new["secrets.py"] = b"SECRET = 1"
            assert everything() == new


async def test_journal_that_does_not_hold_is_refused():
    with Flash():
        async with served() as board:
            assert (await ask(board, "PUT", "/api/files/main.py.next", b"new"))[0] == 200
            before = everything()
            good = "%s main.py\n" % sha256(b"new")
            for line in (
                "%s main.py" % sha256(b"other"), "%s boards.py" % sha256(b"new"), "main.py", "- ../x",
                "- lib", "-", "%s ../main.py" % sha256(b"new"), "", "\xff",
            ):  # fmt: skip
                assert await restart(board, (good + line + "\n").encode()) in (404, 409), line
                assert everything() == before, line
            assert await restart(board, good.encode()) == 202
            assert content("main.py") == b"new"


class Cut(Exception):
    pass


class PulledPlug:
    """An os whose plug is pulled before so many changes. A name takes two, as on FAT: the old file goes."""

    def __init__(self, left):
        self.left = left

    def _change(self):
        self.left -= 1
        if self.left < 0:
            raise Cut

    def remove(self, name):
        self._change()
        os.remove(name)

    def rmdir(self, name):
        self._change()
        os.rmdir(name)

    def rename(self, old, new):
        os.stat(old)
        self._change()
        try:
            os.remove(new)
        except OSError:
            pass
        self._change()
        os.rename(old, new)


def test_plug_pulled_while_files_get_their_names_is_made_good_by_the_next_start():
    cuts = 0
    while True:
        with Flash():
            put("main.py.next", b"new")
            os.mkdir("gone")
            put("gone/x.py", b"x")
            put("lib/module.py.next", b"new module")
            put("lib/more.py.next", b"more")
            journal = "1 lib/module.py\n- gone/x.py\n2 lib/more.py\n3 main.py\n"
            put(filejournal.JOURNAL, journal.encode())
            plug = filejournal.os = PulledPlug(cuts)
            try:
                filejournal.finish()
            except Cut:
                pass
            finally:
                filejournal.os = os
            filejournal.finish()
            assert everything() == {
                "main.py": b"new", "secrets.py": b"SECRET = 1", "lib/module.py": b"new module",
                "lib/more.py": b"more",
            }, cuts  # fmt: skip
            assert "gone" not in os.listdir()
            if plug.left >= 0:
                break
        cuts += 1
    assert cuts == 9


def test_plug_pulled_while_secrets_are_saved_leaves_the_old_or_the_new():
    """On FAT, too: a board without them would open its access point to everyone."""
    for cuts in range(100):
        with Flash():
            plug = filejournal.os = secrets_file.os = PulledPlug(cuts)
            try:
                secrets_file.save(b"SECRET = 2")
            except Cut:
                pass
            finally:
                filejournal.os = secrets_file.os = os
            filejournal.finish()
            assert content("secrets.py") in (b"SECRET = 1", b"SECRET = 2"), cuts
            if plug.left >= 0:
                assert content("secrets.py") == b"SECRET = 2"
                return
