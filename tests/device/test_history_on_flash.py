"""Power fails between any two writes of the past to the flash: littlefs and FAT as boards have them."""

import asyncio
import json

import vfs
from chip import Chip, Mounted
from observed import Log
from sideboard.history import History
from sideboard.variables import Registry, Variable


def begin(value=None):
    """The past of a variable, as the board has it at a start, when that has this value."""
    registry = Registry()
    registry.add(Variable("t", value=value))
    kept = History(registry, "history.bin", {"t"})
    kept.follow({"t"})
    return kept


def least_at_start():
    """The least value that is known from the runs before."""
    past = begin().pasts.get("t")
    return past and json.loads("".join(past.told(1, "t", 4)))["history"]["points"][0][0]


def check_every_cut(file_system):
    chip = Chip()
    file_system.mkfs(chip)
    with Mounted(file_system, chip):
        asyncio.run(begin(2).write())
    before = bytes(chip.data)
    seen = set()
    for writes in range(200):
        chip.data[:] = before
        with Mounted(file_system, chip), Log() as log:
            kept = begin(1)
            chip.left = writes
            asyncio.run(kept.write())
            whole = log.texts == []
        chip.left = -1
        with Mounted(file_system, chip), Log() as log:
            least = least_at_start()
            seen.add(least)
            assert least == 1 if whole else least in (1, 2), (writes, least)
            assert log.texts == []
            asyncio.run(begin(-5).write())
        with Mounted(file_system, chip):
            assert least_at_start() == -5
        if whole:
            assert seen == {1, 2} and writes > 3
            return
    raise AssertionError("it never came to an end")


def test_littlefs():
    check_every_cut(vfs.VfsLfs2)


def test_fat():
    check_every_cut(vfs.VfsFat)
