"""The network's questions and answers over UDP, host names above all, without ever blocking the loop."""

import asyncio
import socket
from random import getrandbits

from .compat import MICROPYTHON

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
        answer = await ask(server, DNS_PORT, question, _DNS_TIMEOUT)
        try:
            at = len(question) if answer[:2] == number and answer[2] > 127 and not answer[3] & 15 else 512
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

else:
    from .cpython import look_up


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
