"""The board's files from afar: listed, read, written, removed; and its restart. Loaded when it is asked for.

A file is taken whole or not at all. One that is sent as NAME.next waits for the restart whose journal has it.
"""

import asyncio
import os
from binascii import hexlify
from hashlib import sha256

from microdot.microdot import Response

from .access import GUEST, Refused
from .assets import secured
from .compat import sleep_ms, ticks_ms
from .dashboard import decoded
from .errors import log
from .journal import JOURNAL, NEXT, finish, is_folder, remove
from .visitor import receive

_DRAFT = "draft.next"  # what is being received
_FOLDERS = "lib", "files", "sideboard"  # the last one would hide that in lib
_SECRET = "secrets", "der", "pem", "key", "crt", "cer", "p12", "pfx"  # in a name: it is written, never read
_NOT_IN_NAMES = b'\\~%:*?"<>|\x7f'  # some file system takes these for something else
_ENOSPC = 28  # MicroPython's errno lacks it
_SPARE = 8192  # bytes of the flash that stay free, for values
_SENT_MS = 500  # an answer is sent within it


class Files:
    """Serves them to the owner, who is logged in."""

    _tidy = False  # whether what a pulled plug left is away
    _decided = False  # whether a journal waits for the restart: until then nothing changes

    def __init__(self, dashboard):
        self._dashboard = dashboard
        self._flash = dashboard.registry.flash
        dashboard.route("/api/files")(self.list)
        dashboard.route("/api/files/<path:name>", ["GET", "PUT", "DELETE"])(self.serve)
        dashboard.route("/api/restart", ["POST"])(self.restart)

    async def list(self, request):
        """{name: its SHA-256 in hex, or None for what is secret}: of the root, and of _FOLDERS."""
        await self._check(request)
        found = {}
        async with self._flash:
            for name in _names():
                if not name.endswith(NEXT):
                    found[name] = None if _is_secret(name) else await _digest(name, request)
        return found

    async def serve(self, request, name):
        """A file is given and removed only by the name that its folder has: FAT knows it by others, too."""
        name = decoded(name)
        await self._check(request, name)
        async with self._flash:
            self._check_decided()
            if request.method == "PUT":
                try:
                    await self._take(request, name)
                finally:
                    _discard()
                return {"saved": True}
            folder, _, last = ("/" + name).rpartition("/")
            try:
                there = last in os.listdir(folder[1:] or os.getcwd())
            except OSError:
                there = False
            if not there:
                raise Refused(404, "there is no file %s" % name)
            if request.method == "DELETE":
                remove(name)
                return {"removed": True}
            known = request.headers.get("If-None-Match")
            if known and known == '"%s"' % await _digest(name, request):
                return "", 304
            if _is_secret(name):
                raise Refused(403, "secrets and keys can be written, never read")
            return secured(Response(open(name, "rb"), 200, {"Content-Type": "application/octet-stream"}))

    async def restart(self, request):
        """Restarts the board; where the body is a journal that holds, what it says is done before."""
        await self._check(request)
        if request.content_length:
            async with self._flash:
                self._check_decided()
                try:
                    await self._decide(request)
                finally:
                    _discard()
        self._task = asyncio.create_task(self._reset(request.sock[0]))
        return {}, 202

    async def _check(self, request, name="main.py"):
        """Refuses all but the owner, and what is no name. Then, once, tidies up after a pulled plug."""
        user = request.sock[0].user
        refused = None
        if not user:
            refused = 403, "set DASHBOARD_PASSWORD in secrets.py: files need a password"
        elif user == GUEST:
            refused = 403, "guests get no files"
        elif not _is_name(name):
            refused = 400, "no file can have this name"
        if refused:
            await receive(request, len)  # closing before the body is read would take the answer away
            raise Refused(*refused)
        if not self._tidy:
            self._tidy = True
            finish()
            for name in list(_names()):
                if name.endswith(NEXT):
                    os.remove(name)

    def _check_decided(self):
        if self._decided:
            raise Refused(503, "the board is about to restart")

    async def _take(self, request, name):
        """Refuses what does not come whole, or has no room: all is as it was."""
        digest = await self._receive(request)
        if request.headers.get("X-SHA256", digest) != digest:
            raise Refused(422, "%s is not what was sent: all is as it was" % name)
        try:
            at = name.find("/")
            while at > 0:
                if not is_folder(name[:at]):
                    os.mkdir(name[:at])
                at = name.find("/", at + 1)
            if name.endswith(NEXT):
                os.rename(_DRAFT, name)
                return
            os.rename(_DRAFT, name + NEXT)
            with open(_DRAFT, "w") as file:
                file.write("%s %s\n" % (digest, name))
            os.rename(_DRAFT, JOURNAL)
            finish()
        except OSError as error:
            raise Refused(409, "%s cannot be written: %s" % (name, error)) from None

    async def _decide(self, request):
        """Takes the journal. Refuses one that is none, or names a file that does not wait, or as another."""
        await self._receive(request)
        try:
            with open(_DRAFT) as file:
                for line in file:
                    mark, name = line.rstrip().split(" ", 1)
                    if not _is_name(name) or mark != "-" and mark != await _digest(name + NEXT, request):
                        raise ValueError
            os.rename(_DRAFT, JOURNAL)
            self._decided = True
        except (OSError, ValueError):
            raise Refused(409, "these are not the files that wait: all is as it was") from None

    async def _receive(self, request):
        """Writes the body to _DRAFT; returns its digest. What has no room is heard, too: so the answer is."""
        if "Content-Length" not in request.headers:
            raise Refused(411, "the length is missing")
        error = None
        state = os.statvfs(os.getcwd())
        free = state[4] if state[4] < state[2] else 0  # littlefs counts below zero when it is full
        if free * state[1] < request.content_length + _SPARE:
            error = OSError(_ENOSPC)

        def write(piece):
            nonlocal error
            _goes_on(request)
            try:
                if not error:
                    file.write(piece)
            except OSError as raised:
                error = raised

        try:
            with open(_DRAFT, "wb") as file:
                await receive(request, write)
            if error:
                raise error
            return await _digest(_DRAFT, request)
        except EOFError:
            raise Refused(400, "gone") from None
        except OSError as error:
            full = error.errno == _ENOSPC
            reason = "the flash is full" if full else error
            raise Refused(507 if full else 500, "%s: all is as it was" % reason) from None

    async def _reset(self, visitor):
        while visitor in self._dashboard.visitors:  # until it has its answer
            await sleep_ms(_SENT_MS)
        await sleep_ms(_SENT_MS)
        import machine

        try:
            await self._dashboard.registry.store.write()
            async with self._flash:
                finish()
        except OSError as error:
            log.error("Restarting all the same: %s", error)
        machine.reset()


async def _digest(name, request):
    digest = sha256()
    with open(name, "rb") as file:
        piece = True
        while piece:
            piece = file.read(512)
            digest.update(piece)
            _goes_on(request)
            await sleep_ms(0)
    return hexlify(digest.digest()).decode()


def _goes_on(request):
    """Its visitor is not silent."""
    request.sock[0].since = ticks_ms()


def _discard():
    """What was received, if it has no other name by now."""
    try:
        os.remove(_DRAFT)
    except OSError:
        pass


def _names(folder=""):
    """The names of the files in a folder and, but for the root, in those below it."""
    for name in os.listdir(folder or os.getcwd()):
        path = folder + "/" + name if folder else name
        if not is_folder(path):
            yield path
        elif folder or name in _FOLDERS:
            yield from _names(path)


def _is_secret(name):
    return bool(set(name.lower().replace("/", ".").split(".")).intersection(_SECRET))


def _is_name(name):
    """Whether a file can be called so, on every file system, and is one if it is there."""
    for byte in name.encode():
        if byte < 32 or byte in _NOT_IN_NAMES:
            return False
    for part in name.split("/"):
        if not 0 < len(part.encode()) <= 64 or part.strip(" .") != part:
            return False
    return not is_folder(name)
