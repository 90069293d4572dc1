"""Power fails between any two writes to the flash: littlefs and FAT as boards have them, in memory."""

import os

import vfs
from chip import Chip, Mounted
from flash import BROKEN, Run
from observed import Log
from sideboard import store
from sideboard.variables import Variable


def write(value):
    store._write({"level": ["int", value, None, False]}.items)


def level_at_start():
    level = Variable("level", on_write=print)
    Run(level).begin()
    return level.value


def write_until_cut(chip, writes, value):
    """Tells whether the value was written before the chip lost its power."""
    chip.left = writes
    try:
        write(value)
        return True
    except OSError:
        return False


def check_every_cut(file_system):
    chip = Chip()
    file_system.mkfs(chip)
    with Mounted(file_system, chip):
        write(1)
    before = bytes(chip.data)
    seen = set()
    for writes in range(200):
        chip.data[:] = before
        with Mounted(file_system, chip):
            whole = write_until_cut(chip, writes, 2)
        chip.left = -1
        with Mounted(file_system, chip), Log() as log:
            value = level_at_start()
            seen.add(value)
            assert value == 2 if whole else value in (1, 2), (writes, value)
            assert log.texts == [] and BROKEN not in os.listdir()
            write(3)
        with Mounted(file_system, chip):
            assert level_at_start() == 3
        if whole:
            assert seen == {1, 2} and writes > 3
            return
    raise AssertionError("it never came to an end")


def test_littlefs():
    check_every_cut(vfs.VfsLfs2)


def test_fat():
    check_every_cut(vfs.VfsFat)
