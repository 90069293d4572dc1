"""An MQTT session that never blocks: umqtt.simple makes the packets, asyncio moves the bytes."""

import asyncio

from umqtt import simple
from umqtt.simple import MQTTClient, MQTTException

from .compat import MICROPYTHON, no_delay, sleep_ms, ticks_diff, ticks_ms
from .errors import log
from .net import TO_CLOUD, open_connection, send
from .tasks import called, first_of

_TIMEOUT = 10  # seconds without a word: for a connection, and for an acknowledgement
_TLS_TIMEOUT = 90  # seconds for a TLS handshake, however slow the processor is


if MICROPYTHON:

    class Wire:
        """A session's part that moves bytes, over TLS or not. CPython's is in cpython.py."""

        plain = None  # the stream without TLS
        is_open = False
        stopped = 0

        async def _connect(self, tls, host):
            opening = open_connection(self.server, self.port)
            self.plain = self.stream = (await asyncio.wait_for(opening, _TIMEOUT))[0]
            self.plain.s.read(1)  # nothing is there yet, but for the error when the port refused
            self.is_open = True
            no_delay(self.plain)
            if tls:
                self.stream = asyncio.StreamReader(
                    tls.wrap_socket(self.plain.s, server_hostname=host, do_handshake_on_connect=False)
                )

        async def readinto(self, data):
            """Fills `data`; EOFError when the connection ends before. `heard`: something came."""
            data = memoryview(data)
            while data:
                size = self.stream.s.readinto(data)
                if size is None:
                    await self.plain.read(0)  # waits for more: polling a TLS socket is slow on some ports
                elif size:
                    self.heard = True
                    data = data[size:]
                else:
                    raise EOFError

        async def _begin(self, data):
            """Writes the first bytes, for which TLS makes its handshake: silence counts, not arithmetic."""
            while data:
                start = ticks_ms()
                size = self.stream.s.write(data)
                self.stopped += ticks_diff(ticks_ms(), start)
                if size:
                    data = data[size:]
                else:
                    await asyncio.wait_for(self.plain.read(0), _TIMEOUT)

        def write(self, data):
            return send(self.stream, data, TO_CLOUD)

        def close(self):
            """Ends the connection at once."""
            if self.plain:
                self.stream.s.close()
                self.plain.s.close()  # a failed TLS handshake leaves it open

else:
    from .cpython import Wire


class _Packets:
    """Stands where umqtt expects a socket, and its module: keeps what it writes. It reads no answers."""

    def __init__(self):
        self.data = bytearray()

    def write(self, data, size=None):
        self.data.extend(memoryview(data)[:size])

    def read(self, size):
        raise EOFError

    def connect(self, *args):
        pass

    settimeout = close = connect

    def socket(self):
        return self

    def getaddrinfo(self, *args):
        return (args,)


class Session(MQTTClient, Wire):
    """One MQTT connection, from `open` to `close`.

    on_message(topic, payload), in bytes, takes each message; it may be a coroutine. What it raises TypeError,
    ValueError or MemoryError for is dropped; what else is given is umqtt's.
    All methods raise OSError, EOFError or asyncio.TimeoutError once the connection is lost.
    is_open: whether the server was reached; stopped: ms for which the arithmetic of TLS stopped the loop.
    """

    def __init__(self, client_id, server, port, user=None, password=None, keepalive=0, *, on_message):
        self._out = _Packets()
        super().__init__(client_id, server, port, user, password, keepalive)
        self.cb = on_message
        self._writing = False
        self._acknowledged = asyncio.Event()
        self._due = asyncio.Event()  # a ping

    def wait_msg(self):
        raise EOFError  # umqtt turns to read an answer

    def _make_connect(self):
        """umqtt's packet, without the socket that it opens there."""
        real, simple.socket = simple.socket, self._out
        try:
            super().connect()
        finally:
            simple.socket = real

    def open(self, tls=None, host=None):
        """Connects and logs in. MQTTException holds the server's code when it refuses.

        tls: an SSLContext or None; host: the name that the server's certificate must carry.
        """
        return asyncio.wait_for(self._open(tls, host), _TLS_TIMEOUT)

    async def _open(self, tls, host):
        await self._connect(tls, host)
        try:
            self._make_connect()
        except EOFError:
            pass  # it wants to read the answer
        data, self._out.data = self._out.data, bytearray()
        await self._begin(data)
        kind, answer = await asyncio.wait_for(self._receive(), _TIMEOUT)
        if kind != 0x20 or len(answer) != 2:
            raise OSError("not an MQTT server")
        if answer[1]:
            raise MQTTException(answer[1])

    async def keep_alive(self):
        """Pings twice in a keepalive time; raises asyncio.TimeoutError when nothing comes back."""
        await first_of(self._ping(), self._watch())

    async def _ping(self):
        while True:
            await self._due.wait()
            self._due.clear()
            await self._send(self.ping)  # it may take along what others send, for long: that is no silence

    async def _watch(self):
        while self.keepalive:
            self.heard = False
            self._due.set()
            await asyncio.sleep(self.keepalive / 2)
            if not self.heard:
                raise asyncio.TimeoutError
        await asyncio.Event().wait()

    def publish(self, topic, data):
        """Sends with QoS 1 and waits until it is acknowledged."""
        return self._request(super().publish, topic, data, False, 1)

    def subscribe(self, topic):
        """Subscribes with QoS 1 and waits until it is acknowledged. OSError when it is refused."""
        return self._request(super().subscribe, topic, 1)

    async def _request(self, make, *args):
        self.pid %= 65535  # umqtt adds one, and an id has 16 bits and is not 0
        self._acknowledged.clear()
        await self._send(make, *args)
        await asyncio.wait_for(self._acknowledged.wait(), _TIMEOUT)
        if self._refused:
            raise OSError("no right to topic %s" % args[0])

    async def _send(self, make, *args):
        """Sends what `make` writes, until it turns to read the answer."""
        packets = self._out
        try:
            make(*args)
        except EOFError:
            pass
        if not self._writing:  # else the task that writes takes this along: two would lose bytes
            self._writing = True
            while packets.data:
                data, packets.data = packets.data, bytearray()
                await self.write(data)
            self._writing = False

    async def read(self):
        """Takes what comes, until the connection is lost."""
        while True:
            answer = (await self._receive())[1]
            await sleep_ms(0)  # however much comes
            if answer[:2] == self.pid.to_bytes(2, "big"):
                self._refused = answer[2:] == b"\x80"
                self._acknowledged.set()

    async def _receive(self):
        """The next packet's kind and content; that of a message goes to its callback."""
        self._left = 5  # a head has no more
        kind = (await self._take(1))[0]
        size = shift = 0
        byte = 0x80
        while byte & 0x80:
            byte = (await self._take(1))[0]
            size |= (byte & 0x7F) << shift
            shift += 7
        if kind & 0xF0 != 0x30:
            self._left = 0 if kind == 0xD0 else 512  # the answer to a ping is empty, and the others are short
            return kind, await self._take(size)
        self._left = 0 if kind & 4 else size  # QoS 2 would be more, but we did not subscribe with it
        topic = await self._take(2)
        topic = await self._take(topic[0] << 8 | topic[1])
        number = await self._take(kind & 2)  # QoS 1 is this bit, and has an id of two bytes
        try:
            if size > 32768:  # it may fit, leave no room for anything else, and take long
                raise MemoryError("no room for %d bytes" % size)
            data = await self._take(self._left)
            if not kind & 8:  # sent again; but in a clean session the first one has arrived
                await called(self.cb, topic, data)
        except (MemoryError, TypeError, ValueError) as error:
            log.warning("Cloud: dropped a message: %s", error)
            while self._left:
                await self._take(min(self._left, 512))
                await sleep_ms(0)
        if number:  # even if it was dropped: the server would send it again
            await self._send(self._out.write, b"\x40\x02" + number)
        return kind, b""

    async def _take(self, size):
        if size > self._left:
            raise OSError("a malformed packet")
        data = bytearray(size)
        self._left -= size
        await self.readinto(data)
        return data
