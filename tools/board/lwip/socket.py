"""Stand-in for a microcontroller's TCP/IP, lwIP: sockets with its limits, over the computer's own.

As MicroPython sets it up for rp2 and stm32: extmod/lwip-include/lwipopts_common.h, extmod/modlwip.c; or with
SIDEBOARD_NETWORK=esp32 as ESP-IDF does, and ports/esp32/modsocket.c. What the peers have acknowledged tells
Linux' /proc/net/tcp; elsewhere, what the computer has taken counts as acknowledged.
"""

import errno
import io
import json
import os
import struct
from random import getrandbits
from time import sleep_ms, ticks_add, ticks_diff, ticks_ms

import usocket
from micropython import const
from uctypes import addressof
from uselect import POLLERR, POLLHUP, POLLIN, POLLOUT
from uselect import poll as _poll

_ESP32 = os.getenv("SIDEBOARD_NETWORK") == "esp32"

AF_INET = 2
AF_INET6 = 10
SOCK_STREAM = 1
SOCK_DGRAM = 2
SOCK_RAW = 3
SOL_SOCKET = 0xFFF if _ESP32 else 1
SO_REUSEADDR = 4
SO_BROADCAST = 0x20
IPPROTO_IP = 0
IPPROTO_TCP = 6
TCP_NODELAY = 1 if _ESP32 else 0x40
MSG_PEEK = 1
MSG_DONTWAIT = 8 if _ESP32 else 2

_CONNECTIONS = 12 if _ESP32 else 5  # MEMP_NUM_TCP_PCB; listeners have places of their own
_SOCKETS = const(10)  # of an ESP32, LWIP_MAX_SOCKETS: connections, listeners and UDP
_BUFFER = 5760 if _ESP32 else 6400  # TCP_SND_BUF: bytes to one peer that are not acknowledged
_SEGMENT = 1440 if _ESP32 else 800  # TCP_MSS
_QUEUE = 16 if _ESP32 else 32  # TCP_SND_QUEUELEN: segments to one peer; lwIP: and MEMP_NUM_TCP_SEG, to all
_MEMORY = const(8000)  # MEM_SIZE: of all segments; an ESP32 takes it from its heap
# mem.c: struct mem, 8; pbuf.c: struct pbuf, 16, and TCP's, IPv6's and Ethernet's headers, 20 + 40 + 14.
_HEADERS = const(100)
_WRITABLE = 2881 if _ESP32 else 1  # so many bytes must be free: TCP_SNDLOWAT
_REFUSED_MS = const(250)  # TCP_FAST_INTERVAL: what came before accept() is offered again so often
_CLOSING_MS = 20000 if _ESP32 else 10000  # then a close that the peer does not answer becomes a reset
GIVES_UP_MS = 1150000  # after TCP_MAXRTX, 12, retransmissions

# Linux' numbers: options of IPPROTO_TCP, of SOL_SOCKET, and states in /proc/net/tcp.
_NODELAY, _SYNCNT, _LINGER2, _USER_TIMEOUT = const(1), const(7), const(8), const(18)
_SNDBUF, _ATTACH_FILTER, _DETACH_FILTER = const(7), const(26), const(27)
_GONE, _ESTABLISHED, _TIME_WAIT, _CLOSED, _LAST_ACK, _CLOSING = (
    const(0),
    const(1),
    const(6),
    const(7),
    const(9),
    const(11),
)

# Errors that have another name in lwIP: EPIPE, ETIMEDOUT, ECONNREFUSED. (On an ESP32 most of the others have
# other numbers, too; there the module errno knows them, here it knows the computer's.)
_ERRORS = {32: errno.ECONNRESET, 110: errno.ECONNABORTED, 111: errno.ECONNRESET}
_EISCONN, _ENFILE, _ETIMEDOUT = const(106), const(23), const(110)

_connections = []  # those that take a place, with the closed ones of which the peer does not know yet
_listeners = []
_sockets = 0  # open
_looked = _listened = 0  # when
_air = os.getenv("SIDEBOARD_WIFI_FILE")
_dns_port = os.getenv("SIDEBOARD_DNS_PORT")  # the computer's port that is the board's 53
_up = True
_line = bytearray(150)  # all lines of /proc/net/tcp are as long
_filter = struct.pack("HBBI", 6, 0, 0, 0)  # a packet filter of one instruction: keep nothing
_NOTHING = struct.pack("HP", 1, addressof(_filter))


if not _ESP32:

    def print_pcbs():
        """Prints nothing, as without TCP_DEBUG; by it programs know the module that is lwIP's own."""


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    return [(AF_INET, SOCK_STREAM, 0, "", _unpacked(_packed((host, port))))]


def _packed(address):
    host, port = address
    return usocket.getaddrinfo(host or "0.0.0.0", port, AF_INET, SOCK_STREAM)[0][-1]


def _unpacked(address):
    _, host, port = usocket.sockaddr(address)
    return usocket.inet_ntop(AF_INET, host), port


def _look(max_age=0):
    """Asks the computer what the peers have acknowledged, and which closed connections have ended."""
    global _looked
    now = ticks_ms()
    if ticks_diff(now, _looked) < max_age:
        return
    _looked = now
    for connection in _connections:
        connection.left = 0
        if connection.remote:
            connection.state = _GONE
    try:
        with open("/proc/net/tcp", "rb") as file:
            while file.readinto(_line) == 150:
                local = _line[15] << 24 | _line[16] << 16 | _line[17] << 8 | _line[18]  # a slice takes heap
                for connection in _connections:
                    if local == connection.local and connection.remote == bytes(_line[29:33]):
                        connection.left = int(bytes(_line[37:45]), 16)
                        connection.state = int(bytes(_line[34:36]), 16)
    except OSError:  # not Linux
        for connection in _connections:
            connection.state = _GONE if connection.closed is not None else _ESTABLISHED
    for connection in _connections[:]:
        acknowledged = connection.acknowledged = max(
            connection.acknowledged, connection.sent - connection.left
        )
        ends = connection.ends
        while ends and ends[0] <= acknowledged:
            ends.pop(0)
            connection.costs.pop(0)
        if len(ends) < 2:
            connection.room = 0  # nothing is before it: it is on its way
        closed = connection.closed
        if closed is not None and (
            ticks_diff(now, closed) >= _CLOSING_MS
            or not connection.left
            and connection.state in (_GONE, _TIME_WAIT, _CLOSED, _CLOSING)  # that lwIP forgets when it must
        ):
            _connections.remove(connection)


def _free():
    """How many connections there may be more."""
    free = _CONNECTIONS
    for connection in _connections:
        free -= connection.state not in (_GONE, _LAST_ACK)
    return free


def _fits(memory, segments):
    """Whether so much more may be on its way, to all peers together."""
    for connection in _connections:
        memory += sum(connection.costs)
        segments += len(connection.costs)
    return _ESP32 or memory <= _MEMORY and segments <= _QUEUE


def _make_room():
    """Lets so many visitors in as there may be connections; the others' attempts are not heard."""
    answerable = _fits(_HEADERS + 4, 1)
    if not answerable or any(connection.closed is not None for connection in _connections):
        _look(20)
        answerable = _fits(_HEADERS + 4, 1)
    free = _free() if answerable else 0
    for listener in _listeners:
        visitors = max(min(free, listener.backlog) if _ESP32 else free, 0)
        if visitors != listener.admitted:
            try:
                if not visitors:
                    listener.real.setsockopt(usocket.SOL_SOCKET, _ATTACH_FILTER, _NOTHING)
                elif not listener.admitted:
                    listener.real.setsockopt(usocket.SOL_SOCKET, _DETACH_FILTER, 0)
            except OSError:
                pass  # not Linux: one is answered, and waits
            listener.admitted = visitors
            listener.real.listen(max(visitors - 1, 0))  # Linux has place for one more
    return free


def _listen_to_air():
    """Aborts all connections when the Wi-Fi is lost: network.py says what the file holds."""
    global _listened, _up
    if not _air or ticks_diff(ticks_ms(), _listened) < 20:
        return
    _listened = ticks_ms()
    with open(_air) as file:
        up = json.load(file).get("up", True)
    if _up and not up:
        for connection in _connections[:]:
            if connection.remote and connection.closed is None:  # the peer hears no more of it
                connection.error = errno.ECONNABORTED
                connection.real.setsockopt(usocket.SOL_SOCKET, _ATTACH_FILTER, _NOTHING)
                _connections.remove(connection)
    _up = up


class socket(io.IOBase):
    """A TCP connection or, after listen(), a listener; or one for UDP."""

    timeout = None  # in seconds
    error = 0  # that ended it
    local = 0  # the port, as the number that its four digits in /proc/net/tcp make
    remote = None  # the port, in those digits
    state = _ESTABLISHED  # or soon
    closed = None  # when
    hears_at = None  # when lwIP offers what it refused
    backlog = 0  # of a listener
    nagle = True
    sent = 0  # bytes, ever
    left = 0  # of them, not acknowledged when the computer was asked
    acknowledged = 0
    room = 0  # in the last segment, if Nagle's algorithm holds it back
    full = 0  # when it was
    poller = None

    def __init__(self, family=AF_INET, type=SOCK_STREAM, proto=0, real=None):
        global _sockets
        if real is None:
            if _ESP32 and _sockets >= _SOCKETS:
                raise OSError(_ENFILE)
            if type == SOCK_STREAM and _free() <= 0:
                _look()
                if _free() <= 0:
                    raise OSError(errno.ENOBUFS if _ESP32 else errno.ENOMEM)
            real = usocket.socket(AF_INET, type, proto)
        _sockets += 1
        self.real = real
        self.tcp = type == SOCK_STREAM
        if self.tcp:
            self.ends = []  # of the segments that are not acknowledged, in bytes ever sent
            self.costs = []  # and their memory
            real.setsockopt(usocket.SOL_SOCKET, _SNDBUF, 65536)  # not what stops a write
            _connections.append(self)
            _make_room()

    def close(self):
        global _sockets
        if not self.real:
            return
        if self.backlog:
            _listeners.remove(self)
            for waiting, _ in self.waiting:
                waiting.reset()
        elif self.remote and not self.error:
            self.sent += 1  # FIN
            self.ends.append(self.sent)
            self.costs.append(_HEADERS)
            self.closed = ticks_ms()
            self.be_patient(_CLOSING_MS)
        elif self in _connections:
            _connections.remove(self)
        self.real.close()
        self.real = None
        self.error = errno.EBADF
        _sockets -= 1
        if self.closed is not None:
            _look()
        _make_room()

    def reset(self):
        self.real.setsockopt(usocket.SOL_SOCKET, usocket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def be_patient(self, ms):
        """Repeats for so long what the peer does not acknowledge."""
        try:
            self.real.setsockopt(IPPROTO_TCP, _SYNCNT, 3)
            self.real.setsockopt(IPPROTO_TCP, _USER_TIMEOUT, ms)
            self.real.setsockopt(IPPROTO_TCP, _LINGER2, _CLOSING_MS // 1000)
        except OSError:
            pass  # not Linux

    def setblocking(self, blocking):
        self.settimeout(None if blocking else 0)

    def settimeout(self, seconds):
        self.timeout = seconds
        if not self.backlog:
            self.real.settimeout(seconds)

    def setsockopt(self, level, option, value):
        if option == TCP_NODELAY:
            self.nagle = not value
            self.real.setsockopt(IPPROTO_TCP, _NODELAY, 1 if value else 0)
        elif option == SO_REUSEADDR or option == SO_BROADCAST:
            option = usocket.SO_REUSEADDR if option == SO_REUSEADDR else usocket.SO_BROADCAST
            self.real.setsockopt(usocket.SOL_SOCKET, option, value)
        else:
            print("Warning: lwip.setsockopt() %snot implemented" % ("option " if _ESP32 else ""))

    def check(self):
        """Raises why nothing can be sent, if so."""
        _listen_to_air()
        if self.error:
            raise OSError(self.error)

    def fail(self, error):
        """Raises what lwIP would."""
        code = error.errno
        if code != _ETIMEDOUT or self.timeout == 0:  # the other is this socket's own time-out
            code = _ERRORS.get(code, code)
        if self in _connections and code in (errno.ECONNRESET, errno.ECONNABORTED):
            self.error = code
            _connections.remove(self)
        raise OSError(code)

    def bind(self, address):
        if address[1] == 53:  # the computer's own name server, and its superuser, have that
            if not _dns_port:
                raise OSError(errno.EACCES)
            address = address[0], int(_dns_port)
        self.real.bind(_packed(address))
        self.local = int.from_bytes(b"%04X" % address[1], "big")

    def connect(self, address):
        self.check()
        if self.remote:
            ready = self.ready(0)
            again = _EISCONN if ready & POLLOUT else errno.EALREADY
            raise OSError(errno.EBADF if ready & POLLERR else again)
        if self.tcp:
            if not _up:  # no way leads there
                # asyncio.open_connection() now loses this socket; a board's garbage collection closes it.
                _connections.remove(self)
                raise OSError(errno.EHOSTUNREACH)
            self.reserve(4)
            while not self.local:  # a port, so that it is known
                try:
                    self.bind(("0.0.0.0", 0xC000 | getrandbits(14)))
                except OSError:
                    pass  # another program has it
            self.remote = b"%04X" % address[1]
            self.be_patient(GIVES_UP_MS)
        try:
            self.real.connect(_packed(address))
        except OSError as error:
            self.fail(error)

    def listen(self, backlog=2):
        _connections.remove(self)
        _listeners.append(self)
        self.backlog = max(backlog, 1)
        self.waiting = []
        self.admitted = 1
        self.real.listen(0)
        self.real.setblocking(False)
        _make_room()

    def welcome(self):
        """Takes who has come, while there may be more connections; beyond the backlog they are reset."""
        free = _make_room()
        try:
            while free > 0:
                real, address = self.real.accept()
                address = _unpacked(address)
                visitor = socket(real=real)
                visitor.local = self.local
                visitor.remote = b"%04X" % address[1]
                visitor.be_patient(GIVES_UP_MS)
                if visitor.ready(0) & POLLERR:
                    visitor.close()  # has reset it already
                elif len(self.waiting) < self.backlog:
                    self.waiting.append((visitor, address))
                    free -= 1
                else:
                    visitor.reset()
        except OSError:
            pass  # no more

    def accept(self):
        start = ticks_ms()
        self.welcome()
        while not self.waiting:
            if self.timeout is not None and ticks_diff(ticks_ms(), start) >= self.timeout * 1000:
                raise OSError(errno.ETIMEDOUT if self.timeout else errno.EAGAIN)
            sleep_ms(1)
            self.welcome()
        visitor, address = self.waiting.pop(0)
        if not _ESP32:
            visitor.settimeout(self.timeout)
            if visitor.ready(POLLIN) & POLLIN:
                visitor.hears_at = ticks_add(ticks_ms(), _REFUSED_MS - ticks_ms() % _REFUSED_MS)
        elif _sockets > _SOCKETS:
            visitor.close()
            raise OSError(_ENFILE)
        return visitor, address

    def take(self, method, *arguments):
        """Calls a method of the computer's socket that reads; None when there is nothing."""
        _listen_to_air()
        if self.error and self.error != errno.EIO:  # EIO: the reset was read, and now comes the end
            code = self.error
            self.error = errno.EIO if code == errno.ECONNRESET else errno.EBADF
            raise OSError(code)
        if self.hears_at is not None:
            wait = ticks_diff(self.hears_at, ticks_ms())
            if wait > 0:
                if self.timeout == 0:
                    return None
                sleep_ms(wait)
            self.hears_at = None
        try:
            return method(*arguments)
        except OSError as error:
            self.fail(error)

    def read(self, *size):
        return self.take(self.real and self.real.read, *size)

    def readinto(self, *buffer):
        return self.take(self.real and self.real.readinto, *buffer)

    def readline(self, *size):
        return self.take(self.real and self.real.readline, *size)

    def recv(self, size, flags=0):
        real = usocket.MSG_PEEK if flags & MSG_PEEK else 0
        if flags & MSG_DONTWAIT:
            real |= usocket.MSG_DONTWAIT
        data = self.take(self.real and self.real.recv, size, real)
        if data is None:
            raise OSError(errno.EAGAIN)
        return data

    def recvfrom(self, size, flags=0):
        data, address = self.take(self.real and self.real.recvfrom, size)
        return data, _unpacked(address)

    def sendto(self, data, address):
        self.check()
        self.reserve(len(data))
        return self.real.sendto(data, _packed(address))

    def write(self, data):
        size = self.pass_on(data)
        while self.timeout != 0 and size is not None and size < len(data):
            size += self.pass_on(memoryview(data)[size:])
        return size

    def send(self, data):
        size = self.pass_on(data)
        if size is None:
            raise OSError(errno.EAGAIN)
        return size

    def sendall(self, data):
        if self.timeout == 0 and len(data) > self.available(len(data)):
            raise OSError(errno.EAGAIN)
        self.write(data)

    def reserve(self, size):
        """For what needs memory, but keeps it only for a moment."""
        if not _fits(size + _HEADERS, 0):
            _look()
            if not _fits(size + _HEADERS, 0):
                raise OSError(errno.ENOMEM)

    def available(self, wanted, max_age=0):
        """How many bytes may be sent; the computer is asked when less than wanted is certain."""
        while True:
            free = _BUFFER - self.sent + self.acknowledged
            if _ESP32:
                free = min(free, (_QUEUE - len(self.ends)) * _SEGMENT)
            if free >= wanted or not self.ends:
                return free
            _look(max_age)
            wanted = 0

    def pass_on(self, data):
        """Sends what may be sent; None if that is nothing, and a socket must not block."""
        self.check()
        size = len(data)
        if not self.tcp:
            self.reserve(size)
            return self.real.write(data)
        start = ticks_ms()
        while self.available(size) <= 0:
            if self.timeout is not None and ticks_diff(ticks_ms(), start) >= self.timeout * 1000:
                if self.timeout:
                    raise OSError(errno.ETIMEDOUT)
                if ticks_diff(start, self.full) < 2:
                    sleep_ms(1)  # who waits polls the computer's socket, which is writable
                self.full = ticks_ms()
                return None
            sleep_ms(1)
        size = min(size, self.available(0))
        if not self.waits_for_memory(size):
            return size  # as modlwip.c does after its last attempt: err is tcp_output()'s, which is fine
        try:
            size = self.real.write(data if size == len(data) else memoryview(data)[:size])
        except OSError as error:
            self.fail(error)
        if size:
            self.segments(size, True)
        return size

    def waits_for_memory(self, size):
        """Stops everything until so much may be sent, but not longer than 10 s; then False."""
        for attempt in range(201):
            if _fits(*self.segments(size)):
                return True
            if not attempt:
                _look()
            elif self.ready(0) & (POLLERR | POLLHUP):
                raise OSError(errno.EIO)  # ERR_ARG: the connection is not there any more
            elif attempt < 200:
                sleep_ms(50)
                _look()
        return False

    def segments(self, size, sent=False):
        """The memory and the segments that so many bytes take, as tcp_write() makes them."""
        memory = count = 0
        left = size - min(size, self.room)
        if sent and left < size:
            self.room -= size - left
            self.ends[-1] += size - left
        while left:
            part = min(left, _SEGMENT)
            left -= part
            count += 1
            # tcp_pbuf_prealloc(): what Nagle's algorithm holds back has room for more.
            room = _SEGMENT - part if self.nagle and (count > 1 or self.ends) else 0
            cost = _HEADERS + (_SEGMENT if room else part + 3 & ~3)
            memory += cost
            if sent:
                self.room = room
                self.ends.append(self.sent + size - left)
                self.costs.append(cost)
        if sent:
            self.sent += size
        return memory, count

    def ready(self, events):
        """What poll() is told."""
        if self.backlog:
            self.welcome()
            return POLLIN if self.waiting else 0
        if not self.poller:
            self.poller = _poll()
            self.poller.register(self.real, POLLIN | POLLOUT)
        ready = 0
        for _, found in self.poller.ipoll(0):
            ready = found
        if self.hears_at is not None:
            if ticks_diff(self.hears_at, ticks_ms()) > 0:
                ready &= POLLOUT
            else:
                self.hears_at = None
        if self.tcp and events & POLLOUT and not ready & (POLLERR | POLLHUP):
            if self.available(_WRITABLE, 5) < _WRITABLE:
                ready &= ~POLLOUT
        return ready

    def ioctl(self, request, argument):
        if request == 3:  # MP_STREAM_POLL
            _listen_to_air()
            if self.error:
                return argument & (POLLIN | POLLOUT) | POLLERR
            return self.ready(argument) & (argument | POLLERR | POLLHUP)
        if request == 4:  # MP_STREAM_CLOSE
            self.close()
            return 0
        if request == 10 and self.real and not _air and self.hears_at is None:  # MP_STREAM_GET_FILENO
            # If the computer's socket may be polled instead, waiting costs nothing.
            if self.backlog:
                plain = not self.waiting and _make_room() > 1
            else:
                plain = not self.tcp or self.available(_WRITABLE) >= _WRITABLE
            if plain:
                return self.real.fileno()
        return -22  # EINVAL
