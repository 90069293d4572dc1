"""An MQTT session that never blocks: umqtt.simple makes and reads the packets, asyncio moves the bytes."""

import asyncio

from umqtt.simple import MQTTClient, MQTTException

from .compat import MICROPYTHON, close, log, no_delay

_LARGEST = 65536  # bytes of a packet we take
_PIECE = 512  # bytes that are read at once: a large message must not be in memory twice
_TIMEOUT = 10  # seconds for a connection, and for an acknowledgement


class _Complete(Exception):
    """umqtt wrote its packet and turns to read the answer: that part is ours."""


class _Packets:
    """Stands where umqtt expects a socket: keeps what it writes, and gives it the packet that came."""

    def __init__(self):
        self.out = bytearray()
        self.came = None
        self._at = 0

    def write(self, data, size=None):
        self.out.extend(data if size is None else data[:size])

    def read(self, size):
        if self.came is None:
            raise _Complete
        self._at += size
        if self._at > len(self.came):
            raise OSError("a malformed packet")
        if size > _PIECE:  # a large message: memory may not hold it twice
            return memoryview(self.came)[self._at - size : self._at]
        return self.came[self._at - size : self._at]

    def give(self, packet):
        self.came = packet
        self._at = 0

    def connect(self, argument=None):
        pass  # like the others, not its business

    setblocking = settimeout = close = connect


class Session(MQTTClient):
    """One MQTT connection, from `open` to `close`.

    address: an IP address in text; host: the name its certificate must carry; tls: an SSLContext or None.
    on_message(topic, payload), both bytes, is called for each message.
    All methods raise OSError, EOFError or asyncio.TimeoutError once the connection is lost.
    """

    def __init__(self, client_id, address, port, host=None, tls=None, on_message=None, **options):
        self._packets = _Packets()
        super().__init__(client_id, address, port, **options)
        self.set_callback(on_message)
        self._host = host
        self._tls = tls
        self._reader = self._writer = self._socket = self._wire = None
        self._sending = asyncio.Lock()
        self._acknowledged = asyncio.Event()
        self._refused = None
        self._heard = False

    # umqtt opens a socket of its own in connect(): it is closed unused, and the packets take its place.
    @property
    def sock(self):
        return self._packets

    @sock.setter
    def sock(self, sock):
        if sock:
            sock.close()

    @property
    def secured(self):
        """Whether TLS is known to be up; MicroPython does not tell before something came."""
        return not MICROPYTHON and self._writer is not None

    async def open(self):
        """Connects and logs in. MQTTException holds the server's code when it refuses."""
        await asyncio.wait_for(self._open(), _TIMEOUT)

    async def _open(self):
        if MICROPYTHON:
            self._reader, self._writer = await asyncio.open_connection(self.server, self.port)
            self._socket = self._writer.s
            self._wire = asyncio.StreamReader(self._socket)
            no_delay(self._writer)
            if self._tls:
                self._writer.s = self._tls.wrap_socket(
                    self._socket, server_hostname=self._host, do_handshake_on_connect=False
                )
                self._writer.s.setblocking(False)
        else:
            self._reader, self._writer = await asyncio.open_connection(
                self.server, self.port, ssl=self._tls, server_hostname=self._host if self._tls else None
            )
        await self._send(super().connect)
        answer = await self._receive()
        if answer[0] != 0x20 or len(answer) != 4:
            raise OSError("not an MQTT server")
        if answer[3]:
            raise MQTTException(answer[3])

    def close(self):
        """Ends the connection at once."""
        if self._writer:
            close(self._writer)
        if self._socket:
            self._socket.close()  # a failed TLS handshake leaves it open

    async def read(self):
        """Takes what comes, until the connection is lost."""
        while True:
            self._packets.give(await self._receive())
            try:
                kind = self.wait_msg()
            except AssertionError:  # what umqtt raises for some of them
                raise OSError("a malformed packet") from None
            if kind == 0x40 or kind == 0x90:
                self._take_acknowledgement(self._packets.came)
            self._packets.give(None)
            if self._packets.out:
                await self._flush()

    async def keep_alive(self):
        """Pings twice in a keepalive time; raises asyncio.TimeoutError when nothing comes back."""
        while self.keepalive:
            self._heard = False
            await asyncio.wait_for(self._send(self.ping), self.keepalive / 2)
            await asyncio.sleep(self.keepalive / 2)
            if not self._heard:
                raise asyncio.TimeoutError
        await asyncio.Event().wait()

    async def publish(self, topic, payload):
        """Sends with QoS 1 and waits until it is acknowledged."""
        await self._request(super().publish, topic, payload, False, 1)

    async def subscribe(self, topic):
        """Subscribes with QoS 1 and waits until it is acknowledged. OSError when it is refused."""
        await self._request(super().subscribe, topic, 1)

    async def _request(self, make, *args):
        self.pid %= 65535  # umqtt adds one, and an id has 16 bits and is not 0
        self._acknowledged.clear()
        await self._send(make, *args)
        await asyncio.wait_for(self._acknowledged.wait(), _TIMEOUT)
        if self._refused:
            raise OSError("the server refused topic %s" % args[0])

    def _take_acknowledgement(self, packet):
        if len(packet) > 3 and packet[2] << 8 | packet[3] == self.pid:
            self._refused = packet[0] == 0x90 and packet[-1] & 0x80
            self._acknowledged.set()

    async def _send(self, make, *args):
        try:
            make(*args)
        except _Complete:
            pass
        await self._flush()

    async def _flush(self):
        async with self._sending:  # two tasks draining one stream would lose bytes
            data, self._packets.out = self._packets.out, bytearray()
            self._writer.write(data)
            await self._writer.drain()

    async def _read(self, size):
        self._heard = True  # as it reads on, what it waited for has come
        if not (MICROPYTHON and self._tls):
            return await self._reader.readexactly(size)
        data = b""
        while len(data) < size:
            part = self._writer.s.read(size - len(data))
            if part is None:
                await self._wire.read(0)  # waits on the plain socket: polling a TLS one is slow on some ports
            elif part:
                data += part
            else:
                raise EOFError
        return data

    async def _receive(self):
        """The next packet, whole: type, length, rest."""
        head = bytearray(await self._read(1))
        size = shift = 0
        while True:
            head.extend(await self._read(1))
            size |= (head[-1] & 0x7F) << shift
            shift += 7
            if not head[-1] & 0x80:
                break
            if shift > 21:
                raise OSError("a malformed packet")
        at = len(head)
        try:
            packet = size <= _LARGEST and bytearray(at + size)
        except MemoryError:
            packet = None
        if not packet:
            return await self._skip(head[0], size)
        packet[:at] = head
        while at < len(packet):
            part = await self._read(min(_PIECE, len(packet) - at))
            packet[at : at + len(part)] = part
            at += len(part)
        return packet

    async def _skip(self, kind, left):
        """Reads past a message that finds no room, and acknowledges it: the server would send it again."""
        if kind & 0xF0 != 0x30:
            raise OSError("a malformed packet")
        log.warning("Cloud: dropped a message: no room for %d bytes", left)
        topic = await self._read(2)
        topic = await self._read(topic[0] << 8 | topic[1])
        left -= 2 + len(topic)
        if kind & 6:
            self._packets.out.extend(b"\x40\x02" + await self._read(2))
            left -= 2
        while left > 0:
            left -= len(await self._read(min(_PIECE, left)))
        return b"\xd0\0"  # the answer to a ping, which says nothing else
