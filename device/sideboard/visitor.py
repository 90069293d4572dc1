"""A visitor: one connection, what it sends and hears, how long it may be silent, its place among others."""

import asyncio
import io
import json

from microdot.microdot import urldecode

from .access import Refused
from .compat import close, no_delay, read_line, sleep_ms, text_of, ticks_diff, ticks_ms
from .net import PIECE, TO_ANSWER, TO_PAGE, send

_ASKS_MS = 15000  # a request must be there within it, or, where all places are taken, a fifth of it
_TAKES_MS = 5000  # who takes nothing of what is sent goes
_PARTS_S = 0.5  # who was told why it has to go answers within it
_READ = 512  # bytes of a file, for which a small heap has room
_HEAD = 4096  # bytes of a request's head
_SPEAKS_MS = 1000  # where all places are taken who says nothing goes, as browsers' spare connections


class Visitor:
    """A reader for microdot, who sends its responses, and for the page that may be opened on it.

    It is made in the task that serves it. turn: a lock; large answers go to one visitor at a time.
    """

    page = None  # the open one
    user = {}  # {"user": "owner" or "guest"}, where there is a login
    heard = False  # whether it has said anything
    leaves = False  # whether it is about to go
    pending = False  # whether it is to take something
    moves = 0  # how often it took something

    def __init__(self, reader, writer, turn):
        no_delay(writer)
        self.task = asyncio.current_task()
        self.since = ticks_ms()  # when it came, or was last heard of in a long request
        peer = writer.get_extra_info("peername")
        self.address = peer[0] if isinstance(peer, tuple) else bytes(peer[4:8])  # struct sockaddr_in, on unix
        self._reader = reader
        self._writer = writer
        self._turn = turn
        self._has_turn = False
        self._lock = asyncio.Lock()
        self._unread = 0
        self._came = b""  # behind a request's head, not yet asked for
        self._left = _HEAD
        self._parting = False

    async def readline(self):
        """Microdot's. The last byte of a request's head stays unread until the answer is out.

        For so long closing is a reset: lwIP keeps the memory of other connections for ten seconds.
        """
        line = await self._reader.read(1)
        self.heard = True
        if line == b"\r":
            self._unread = 1
            return b"\r\n"
        if not line:
            raise EOFError
        line += await read_line(self._reader, self._left)
        self._left -= len(line)
        if self._left <= 0:
            raise ValueError  # no browser's
        text_of(line)  # on MicroPython microdot would take what is none
        return line

    async def readexactly(self, size):
        """So many bytes. What comes with them waits: most messages are there by one look at the network."""
        if size < 0:
            raise ValueError
        if self._unread:
            self._unread = 0
            await self._reader.readexactly(1)
        while len(self._came) < size:
            piece = await self._reader.read(_READ)
            if not piece:
                raise EOFError
            self._came += piece
        taken, self._came = self._came[:size], self._came[size:]
        return taken

    async def respond(self, response):
        """Sends microdot's response in pieces: its head, and its body: bytes, a file or a generator."""
        response.complete()
        status = response.status_code  # of HTTP/1.0 browsers keep no page to ask for again
        answer = "HTTP/1.1 %d %s\r\nConnection: close\r\n" % (status, "OK" if status == 200 else "N/A")
        for header in response.headers.items():
            answer += "%s: %s\r\n" % header
        answer = answer.encode() + b"\r\n"
        self.pending = True
        body = response.body
        if isinstance(body, bytes):
            body = io.BytesIO(body)
        piece = not response.is_head
        try:
            while piece:
                piece = body.read(_READ) if hasattr(body, "read") else next(body, "").encode()
                if len(answer) + len(piece) > PIECE:
                    if not self._has_turn:
                        await self._turn.acquire()
                        self._has_turn = True
                    await self.send(answer, TO_ANSWER)
                    answer = b""
                answer += piece
        finally:
            body.close()
        await self.send(answer)
        self.pending = False

    async def send(self, data, left=TO_PAGE):
        """Sends bytes; several tasks may."""
        await self._lock.acquire()
        try:
            await send(self._writer, data, left)
        except OSError:
            self._lock.release()  # who is gone does not wait for itself
            raise
        self._lock.release()  # not when it was cancelled: then nothing may follow
        self.moves += 1

    async def watch_request(self, is_full):
        """Ends when a request takes too long, or the answer is not taken."""
        while not self.pending:
            await sleep_ms(_SPEAKS_MS)
            await sleep_ms(0)  # what came while the board was busy is heard first
            full = is_full()
            if self.age() > (_ASKS_MS // 5 if full else _ASKS_MS) or full and not self.heard:
                return
        await self.watch()

    async def watch(self, ask=None):
        """Ends when what was sent is not taken. ask() is called while nothing is sent."""
        moves = -1
        while not self.pending or moves != self.moves:
            if ask and moves == self.moves:
                ask()
            moves = self.moves
            await sleep_ms(_TAKES_MS // 2 if self._has_turn else _TAKES_MS)  # others wait for their turn

    def age(self):
        return ticks_diff(ticks_ms(), self.since)

    def crowd(self, visitors):
        """Those of the address that has most of these visitors, if this one's has less."""
        addresses = [one.address for one in visitors if one is not self]
        if addresses:
            most = max(addresses, key=addresses.count)
            if addresses.count(most) > addresses.count(self.address):
                return [one for one in visitors if one.address == most]
        return []

    def dismiss(self, word=b""):
        """Ends its task, after a last word to a page, if it can take that at once."""
        try:
            if word and not self._lock.locked():
                self._writer.write(word)
                self._parting = True
        except OSError:
            pass  # gone
        self.task.cancel()

    async def part(self):
        """Lets a browser hear the last word, and closes. Its answer stays unread: so closing is a reset."""
        self.leaves = True
        try:
            if self._parting:
                await asyncio.wait_for(self._reader.read(1), _PARTS_S)
        except (OSError, asyncio.TimeoutError):
            pass
        finally:
            self.close()

    def close(self):
        """Ends the connection at once."""
        if self._has_turn:
            self._turn.release()
        close(self._writer)


async def receive(request, write):
    """Gives the body of a request to `write`, in pieces."""
    left = request.content_length
    while left > 0:
        write(await request.stream.readexactly(min(left, 512)))
        left -= 512


def json_of(request):
    """What the body of a request holds."""
    if request.content_length > request.max_body_length:
        raise Refused(413, "too large")
    try:
        return json.loads(text_of(request.body))
    except (ValueError, RuntimeError):
        raise Refused(400, "the body is not JSON") from None


def decoded(name):
    """A name in a path of an address."""
    try:
        return text_of(urldecode(name.replace("+", "%2B")))  # microdot decodes as in a query
    except ValueError:
        return name  # not encoded well: nothing is called so
