"""Host names and the clock, asked for over UDP without ever blocking the loop."""

import asyncio
import socket
import time
from random import getrandbits

from .compat import EPOCH, MICROPYTHON, log

DNS_PORT = 53
NTP_PORT = 123
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
        answer = await _exchange(server, DNS_PORT, question, _DNS_TIMEOUT)
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


async def _exchange(address, port, request, timeout):
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


async def set_clock(server, timeout):
    """Sets the board's clock by NTP (RFC 5905). OSError or asyncio.TimeoutError when no good answer comes."""
    from machine import RTC

    answer = await _exchange(await resolve(server), NTP_PORT, b"\x1b" + bytes(47), timeout)
    # A server's answer (mode 4), by a clock that is set: no leap indicator 3, no stratum 0 ("kiss of death").
    if len(answer) < 48 or answer[0] & 7 != 4 or answer[0] >> 6 == 3 or not answer[1]:
        raise OSError("it has no time")
    # Seconds since 1900 wrap in 2036; those before 1968 belong to the next era.
    seconds = int.from_bytes(answer[40:44], "big")
    seconds += (1 << 32 if seconds < 1 << 31 else 0) - 2208988800
    date = time.gmtime(seconds - EPOCH)
    RTC().datetime(date[:3] + date[6:7] + date[3:6] + (0,))


async def renew_clock(server, timeout):
    """Sets the clock; logs why where that fails. A computer's clock is its own business."""
    if MICROPYTHON:
        try:
            await set_clock(server, timeout)
        except (OSError, asyncio.TimeoutError, ImportError) as error:
            log.warning("The clock is not set: %s does not answer (%s)", server, error)
