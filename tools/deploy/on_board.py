"""Runs on the board: says what it is, what its firmware brings and what lies on its flash."""

import binascii
import hashlib
import os
import sys

_FOLDER = 0x4000
_THERE_ALREADY = 17

file = None  # that is being written


def about():
    state = os.statvfs(os.getcwd())
    return {
        "machine": getattr(sys.implementation, "_machine", sys.platform),
        "version": tuple(sys.implementation.version[:3]),
        "mpy": getattr(sys.implementation, "_mpy", 0) & 0xFF,
        "block": state[1],
        "free": state[1] * state[4] if state[4] < state[2] else 0,  # littlefs counts below zero when full
    }


def files(folder="", deep=False):
    """{name: size} of the files in a folder, and if deep in those below; {} if there is no such folder."""
    found = {}
    try:
        entries = list(os.ilistdir(folder or os.getcwd()))
    except OSError:
        return found
    for entry in entries:
        name = folder + "/" + entry[0] if folder else entry[0]
        if entry[1] != _FOLDER:
            found[name] = os.stat(name)[6]
        elif deep:
            found.update(files(name, True))
    return found


def print_hashes(names):
    """The SHA-256 of each file, line by line."""
    buffer = memoryview(bytearray(1024))
    for name in names:
        digest = hashlib.sha256()
        with open(name, "rb") as file:
            size = file.readinto(buffer)
            while size:
                digest.update(buffer[:size])
                size = file.readinto(buffer)
        print(binascii.hexlify(digest.digest()).decode())


def built_in(modules):
    """Those of the modules that come with the firmware; what lies on the flash does not count."""
    path = sys.path[:]
    home = os.getcwd().rstrip("/")
    sys.path[:] = [folder for folder in path if folder not in ("", "lib", home, home + "/lib")]
    found = []
    for module in modules:
        sys.modules.pop(module, None)  # boot.py may have imported it
        try:
            __import__(module)
            found.append(module)
        except ImportError:
            pass
    sys.path[:] = path
    return found


def has_logging():
    """Whether there is a logging, wherever it is, that is whole."""
    try:
        import logging

        return hasattr(logging, "basicConfig")
    except Exception:
        return False


def make_folder(name):
    """With those above it."""
    path = ""
    for part in name.split("/"):
        path += part
        try:
            os.mkdir(path)
        except OSError as error:
            if error.errno != _THERE_ALREADY:
                raise
        path += "/"


def remove(name):
    """With its folder if that is empty now: an empty folder would hide a package of the same name."""
    os.remove(name)
    if "/" in name:
        try:
            os.rmdir(name[: name.rindex("/")])
        except OSError:
            pass


def give_up(name):
    """Removes the file that is being written, if it is there."""
    for end in (lambda: file and file.close(), lambda: os.remove(name)):
        try:
            end()
        except OSError:
            pass


def read(name, most):
    with open(name) as file:
        return file.read(most)
