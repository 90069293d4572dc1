"""The board's files from afar: listed, read, written, removed; and its restart. Loaded when it is asked for.

A file is taken whole or not at all. One that is sent as NAME.next waits for the restart whose journal has it.
"""

import asyncio
import os
from binascii import hexlify
from hashlib import sha256

from filejournal import JOURNAL, NEXT, finish, remove, take
from microdot.microdot import Response

from .access import Refused
from .assets import secured
from .compat import sleep_ms, ticks_ms
from .restart import restart_board
from .visitor import decoded, receive

_DRAFT = "draft.next"  # what is being received
_FOLDERS = "lib", "files", "sideboard"  # the last one would hide that in lib
_SECRET = "secrets", "der", "pem", "key"  # in a name: it is written, and never read
_NOT_IN_NAMES = b'\\~%:*?"<>|\x7f'  # what some file system takes for something else
_ENOENT, _ENOSPC = 2, 28  # MicroPython's errno lacks one
_SPARE = 8192  # bytes of the flash that stay free, for values
_ANSWER_MS = 1000  # an answer is out within it


class Files:
    """Serves them to the owner, who is logged in."""

    _tidy = False  # whether what a pulled plug left is away

    def __init__(self, dashboard):
        self._registry = dashboard.registry
        dashboard.route("/api/files")(self.serve)
        dashboard.route("/api/files/<path:name>", ["GET", "PUT", "DELETE"])(self.serve)
        dashboard.route("/api/restart", ["POST"])(self.serve)

    async def serve(self, request, name=None):
        """Answers who may ask. When it is Refused all is as it was."""
        user = request.sock[0].user.get("user")
        code, refused = 403, None
        if user != "owner":
            refused = "guests get no files" if user else "set DASHBOARD_PASSWORD: files need a password"
        elif name:
            name = decoded(name)
            if not _is_name(name):
                code, refused = 400, "no file can be called so"
        if refused:
            await receive(request, len)  # closing before the body is read would take the answer away
            raise Refused(code, refused)
        async with self._registry.flash:
            if not self._tidy:
                self._tidy = True
                finish()
                for old in list(_names()):
                    if old.endswith(NEXT):
                        os.remove(old)
            try:
                if request.method == "POST":
                    if request.content_length:
                        await _switch(request)
                    self._task = asyncio.create_task(restart_board(self._registry, _ANSWER_MS))
                    return {}, 202
                if request.method == "PUT":
                    return await _take(request, name)
                return await (_give(request, name) if name else _list(request))
            except EOFError:
                raise Refused(400, "gone") from None
            except OSError as error:
                code = {_ENOENT: 404, _ENOSPC: 507}.get(error.errno, 409)
                raise Refused(code, "the flash is full" if code == 507 else str(error)) from None
            finally:
                try:
                    os.remove(_DRAFT)
                except OSError:
                    pass


async def _list(request):
    """{name: its SHA-256 in hex, or None for what is secret}: of the root, and of _FOLDERS."""
    found = {}
    for name in _names():
        if not name.endswith(NEXT):
            found[name] = None if _is_secret(name) else await _digest(request, name)
    return found


async def _give(request, name):
    """The file, or what became of it."""
    folder, _, last = ("/" + name).rpartition("/")
    if last not in os.listdir(folder[1:] or os.getcwd()):  # FAT gives a file by other names, too
        raise Refused(404, "Not found")
    if request.method == "DELETE":
        remove(name)
        return {"removed": True}
    known = request.headers.get("If-None-Match")
    if known and known == '"%s"' % await _digest(request, name):
        return "", 304
    if _is_secret(name):
        raise Refused(403, "secrets are never read")
    return secured(Response(open(name, "rb")))


async def _take(request, name):
    """Writes a file, or one that waits."""
    digest = await _receive(request)
    if request.headers.get("X-SHA256", digest) != digest:
        raise Refused(422, "another SHA-256")
    at = name.find("/")
    while at > 0:
        if not _is_folder(name[:at]):
            os.mkdir(name[:at])
        at = name.find("/", at + 1)
    if name.endswith(NEXT):
        os.rename(_DRAFT, name)
    else:
        os.rename(_DRAFT, name + NEXT)
        take(name)
    return {"saved": True}


async def _switch(request):
    """Does what the journal in the body says, if each file that it names waits, and has its hash."""
    await _receive(request)
    with open(_DRAFT) as file:
        for line in file:
            mark, _, name = line.rstrip().partition(" ")
            if not _is_name(name) or mark != "-" and mark != await _digest(request, name + NEXT):
                raise Refused(409, "%s does not wait so" % name)
    os.rename(_DRAFT, JOURNAL)
    finish()


async def _receive(request):
    """Writes a body to _DRAFT; returns its digest. What has no room is heard, too: so the answer is."""
    if "Content-Length" not in request.headers:
        raise Refused(411, "say how long it is")
    error = None
    state = os.statvfs(os.getcwd())
    free = state[4] if state[4] < state[2] else 0  # littlefs counts below zero when it is full
    if free * state[1] < request.content_length + _SPARE:
        error = OSError(_ENOSPC, "")

    def write(piece):
        nonlocal error
        request.sock[0].since = ticks_ms()
        try:
            if not error:
                file.write(piece)
        except OSError as raised:
            error = raised

    with open(_DRAFT, "wb") as file:
        await receive(request, write)
    if error:
        raise error
    return await _digest(request, _DRAFT)


async def _digest(request, name):
    digest = sha256()
    with open(name, "rb") as file:
        piece = True
        while piece:
            piece = file.read(512)
            digest.update(piece)
            request.sock[0].since = ticks_ms()
            await sleep_ms(0)
    return hexlify(digest.digest()).decode()


def _names(folder=""):
    """The names of the files in a folder and, but for the root, in those below it."""
    for name in os.listdir(folder or os.getcwd()):
        path = folder + "/" + name if folder else name
        if not _is_folder(path):
            yield path
        elif folder or name in _FOLDERS:
            yield from _names(path)


def _is_folder(name):
    try:
        return os.stat(name)[0] & 0x4000
    except OSError:
        return False


def _is_secret(name):
    return bool(set(_SECRET) & set(name.lower().replace("/", ".").split(".")))


def _is_name(name):
    """Whether a file can be called so on every file system, and is no folder."""
    for part in name.encode().split(b"/"):
        if not 0 < len(part) < 65 or part.strip(b" .") != part:
            return False
        for byte in part:
            if byte < 32 or byte in _NOT_IN_NAMES:
                return False
    return not _is_folder(name)
