"""The network: host names, and what it can carry, that is how many connections and how many bytes under way.

lwIP, as MicroPython has it on rp2 and stm32, gives all connections together 8,000 bytes for what their
peers did not acknowledge yet (MEM_SIZE in extmod/lwip-include/lwipopts_common.h). When these are used up a
write stands still for up to ten seconds, and the whole board with it (lwip_tcp_send in extmod/modlwip.c). A
datagram for which there is no memory is refused at once, though, and one to _NOWHERE is not sent: so the
network can be asked. Other ports have memory for each connection, and a write takes what there is.
"""

import asyncio
import socket
from errno import ENOMEM
from random import getrandbits

from .compat import MICROPYTHON, sleep_ms

DNS_PORT = 53
_DNS_TIMEOUT = 2  # seconds for each of the attempts
_found = {}  # host name: its last good address


async def resolve(host):
    """The IPv4 address of `host`, in text. OSError when no name server tells it."""
    if host.replace(".", "").isdigit():
        return host
    if host == "localhost":
        return "127.0.0.1"
    for _ in range(3):
        try:
            _found[host] = await look_up(host)
            break
        except (OSError, asyncio.TimeoutError):
            pass
    if host not in _found:
        raise OSError("no name server knows its address")
    return _found[host]


if MICROPYTHON:

    async def look_up(host):
        """Asks the network's name server. OSError when it does not know."""
        import network

        number = getrandbits(16).to_bytes(2, "big")
        # RFC 1035: one question, recursion desired, type A, class IN.
        labels = "".join(chr(len(label)) + label for label in host.split(".")).encode()
        question = number + b"\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"
        server = network.WLAN(network.STA_IF).ifconfig()[3]
        return address_in(await ask(server, DNS_PORT, question, _DNS_TIMEOUT), question)

else:
    from .cpython import look_up


def address_in(answer, question):
    """The IPv4 address that a name server gives in answer to a question. OSError when it gives none."""
    try:
        at = len(question) if answer[:2] == question[:2] and answer[2] > 127 and not answer[3] & 15 else 512
        while True:
            while 0 < answer[at] < 192:
                at += answer[at] + 1
            at += 2 if answer[at] else 1
            size = answer[at + 8] << 8 | answer[at + 9]
            address = answer[at + 10 : at + 10 + size]
            if answer[at : at + 2] == b"\0\1" and len(address) == 4:
                return "%d.%d.%d.%d" % tuple(address)
            at += 10 + size
    except IndexError:  # the end: there was none
        raise OSError("no such name") from None


async def ask(address, port, request, timeout):
    """Sends a UDP request and returns the first answer, of at most 512 bytes."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.connect(socket.getaddrinfo(address, port)[0][-1])
        stream = asyncio.StreamReader(sock)
        stream.write(request)
        return await asyncio.wait_for(stream.read(512), timeout)
    finally:
        sock.close()


PIECE = 800  # bytes at most in one write: lwIP's TCP_MSS
_HEADERS = 100  # what lwIP takes beside them
_NOWHERE = ("127.255.255.255", 9)  # lwIP knows no way there
_MOST = 3000

# How much of the network's memory is left to others by the link to the cloud, a page, and a large answer.
TO_CLOUD = 0
TO_PAGE = 1200
TO_ANSWER = _MOST - PIECE - _HEADERS

SHARED = hasattr(socket, "print_pcbs")  # lwIP: one memory for all
if SHARED:
    _nothing = memoryview(bytearray(_MOST))
    _asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def connections(most):
    """How many TCP connections the network has for us, `most` at most: asked for, and given back."""
    sockets = []
    try:
        while len(sockets) < most:
            sockets.append(socket.socket())
    except OSError:
        pass  # no more
    for one in sockets:
        one.close()
    return len(sockets)


_kept = []  # the connection that belongs to the cloud while it is not connected


def keep_connection():
    """Keeps a connection from all others; tells whether there was one."""
    if SHARED and not _kept:
        try:
            _kept.append(socket.socket())
        except OSError:
            return False  # those that end are still there for a while
    return True


async def open_connection(address, port):
    """Connects on the connection that was kept: between giving it back and taking it nobody else comes."""
    while _kept:
        _kept.pop().close()
    return await asyncio.open_connection(address, port)


def has_room(size):
    """Whether the network has memory for so many bytes, in one piece."""
    if SHARED:
        try:
            _asker.sendto(_nothing[: min(size + _HEADERS, _MOST)], _NOWHERE)
        except OSError as error:
            return error.errno != ENOMEM
    return True


async def send(stream, data, left):
    """Writes all, a PIECE at a time, when the network has room for it and for what is `left` to others."""
    if not SHARED:
        stream.write(data)
        await stream.drain()
        return
    data = memoryview(data)
    while data:
        size = has_room(len(data[:PIECE]) + left) and stream.s.write(data[:PIECE])
        if size:
            data = data[size:]
        await sleep_ms(0 if size else 20)  # no port tells when memory is free again
