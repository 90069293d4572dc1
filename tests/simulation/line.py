"""The network between the board and the broker, byte by byte, and the board's session on it."""

import asyncio
from errno import ECONNREFUSED, ECONNRESET

from sideboard.mqtt import Session

_TICK = 1e-6  # two things that must not change places are so many seconds apart


class Network:
    """delay, jitter: seconds of each way; split: how probable it is that bytes come in two pieces."""

    def __init__(self, loop, random, delay, jitter, split):
        self.loop = loop
        self._random = random
        self._delay = delay
        self._jitter = jitter
        self._split = split
        self.down = None  # why no connection can be made: "refused", "silent"
        self.stalled = 0  # until then what is sent waits
        self.accept = None  # the broker's: gets each new Line and returns its session
        self.line = None  # the board's newest

    def way(self):
        """Seconds that something sent now takes."""
        stall = max(0, self.stalled - self.loop.now)
        return stall + self._delay + self._random.random() * self._jitter

    def cut(self, board_knows, broker_knows):
        if self.line:
            self.line.cut(board_knows, broker_knows)

    def pieces(self, data):
        if len(data) > 1 and self._random.random() < self._split:
            at = self._random.randrange(1, len(data))
            return data[:at], data[at:]
        return (data,)

    def some_of(self, count):
        return self._random.randint(0, count)


class _Way:
    """One direction of a line. take(bytes), and take(None) at its end."""

    def __init__(self, network, take):
        self._network = network
        self._take = take
        self._last = 0
        self._under_way = 0
        self._left = None  # so many bytes still arrive, since the cut

    def send(self, data):
        if self._left is not None:
            return
        for piece in self._network.pieces(data) if data else (data,):
            loop = self._network.loop
            self._last = max(self._last + _TICK, loop.now + self._network.way())
            self._under_way += len(piece or b"")
            loop.call_at(self._last, self._arrive, piece)

    def then(self, call, *args):
        """Calls when all that was sent has arrived, if it does."""
        if self._left is None:
            self._last += _TICK
            self._network.loop.call_at(self._last, lambda: self._left is None and call(*args))

    def _arrive(self, data):
        if self._left is not None:
            data = data[: self._left] if data else b""
            self._left -= len(data)
        elif data:
            self._under_way -= len(data)
        if data != b"":
            self._take(data)

    def cut(self):
        if self._left is None:
            self._left = self._network.some_of(self._under_way)

    def end(self):
        """Nothing arrives any more, and nobody is told."""
        self._left = 0


class Line:
    """A TCP connection. `inbox` and `error` are at the board's end, a session at the broker's."""

    def __init__(self, network):
        self._network = network
        self.inbox = bytearray()
        self.error = None
        self.waiting = None
        self.writes = {}  # id of a message that the board sent: what it brings, as the model's {name: write}
        self.brings = {}  # (topic, payload) of messages to the board: what each of them brings
        session = network.accept(self)
        self.session = session
        self.up = _Way(network, lambda data: session.gone() if data is None else session.take(data))
        self.down = _Way(network, self._hear)

    def _hear(self, data):
        if data is None:
            self.fail(EOFError())
        else:
            self.inbox += data
            self._wake()

    def fail(self, error):
        self.error = self.error or error
        self._wake()

    def _wake(self):
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(None)

    def cut(self, board_knows, broker_knows):
        """Some of what is under way still arrives, to any byte; then each end is told, or is not."""
        self.up.cut()
        self.down.cut()
        later = self._network.loop.call_later
        if board_knows:
            later(self._network.way(), self.fail, OSError(ECONNRESET, "reset"))
        if broker_knows:
            later(self._network.way(), self.session.gone)

    def vanish(self):
        """The board is gone without a word."""
        self.up.end()
        self.down.end()


class BoardSession(Session):
    """The real session, whose bytes go through a Line. network, sent and brought are the simulation's."""

    network = sent = brought = None
    line = None
    is_open = True
    stopped = 0

    def __init__(self, *args, on_message):
        super().__init__(*args, on_message=self._message)
        self.on_message = on_message

    async def _connect(self, tls, host):
        network = self.network
        await asyncio.sleep(network.way())
        if network.down == "refused":
            raise OSError(ECONNREFUSED, "refused")
        if network.down:
            await asyncio.sleep(10)
            raise asyncio.TimeoutError
        self.line = network.line = Line(network)

    async def readinto(self, data):
        line, size = self.line, len(data)
        while len(line.inbox) < size:
            if line.error:
                raise line.error
            line.waiting = self.network.loop.create_future()
            await line.waiting
        if size:
            self.heard = True
            data[:] = line.inbox[:size]
            del line.inbox[:size]

    def _begin(self, data):
        return self.write(data)

    async def write(self, data):
        if self.line.error:
            raise self.line.error
        self.sent(data)
        self.line.up.send(bytes(data))

    async def _message(self, topic, payload):
        """Stands before the link's on_message: the simulation knows which writes a message brings."""
        self.brought(self.line.brings[bytes(topic), bytes(payload)].pop(0))
        await self.on_message(topic, payload)

    def close(self):
        if self.line:
            self.line.up.send(None)
            self.line.fail(EOFError())
