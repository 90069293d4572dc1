"""Host names and the clock, asked for over UDP without ever blocking the loop."""

import asyncio
import struct
from random import getrandbits

from .compat import EPOCH, MICROPYTHON, log, now

DNS_PORT = 53
NTP_PORT = 123
_DNS_TIMEOUT = 2  # seconds for each of the attempts
_DNS_ATTEMPTS = 3
_found = {}  # host name: its last good address


async def resolve(host):
    """The IPv4 address of `host`, in text. OSError when no name server tells it."""
    if host.replace(".", "").isdigit():
        return host
    if host == "localhost":
        return "127.0.0.1"
    if not MICROPYTHON:
        import socket

        loop = asyncio.get_running_loop()
        return (await loop.getaddrinfo(host, None, family=socket.AF_INET))[0][4][0]
    for _ in range(_DNS_ATTEMPTS):
        try:
            _found[host] = await _ask_name_server(host)
            break
        except (OSError, asyncio.TimeoutError):
            pass
    if host not in _found:
        raise OSError("the name server does not know it, or does not answer")
    return _found[host]


async def _ask_name_server(host):
    import network

    server = network.WLAN(network.STA_IF).ifconfig()[3]
    number = getrandbits(16)
    # RFC 1035: one question, recursion desired, type A, class IN.
    question = b"".join(bytes([len(label)]) + label.encode() for label in host.split(".")) + b"\0\0\1\0\1"
    header = struct.pack(">HHHHHH", number, 256, 1, 0, 0, 0)
    answer = await _exchange(server, DNS_PORT, header + question, 512, _DNS_TIMEOUT)
    return _address(answer, number, 12 + len(question))


def _address(answer, number, at):
    """The first address in a name server's answer. OSError when there is none."""
    try:
        got, flags, _, count = struct.unpack_from(">HHHH", answer, 0)
        if got != number or flags & 0x800F != 0x8000:
            raise OSError("no such name")
        for _ in range(count):
            while answer[at] and answer[at] < 192:
                at += answer[at] + 1
            at += 2 if answer[at] else 1
            kind, _, _, _, size = struct.unpack_from(">HHHHH", answer, at)
            at += 10
            if kind == 1 and size == 4 and len(answer) >= at + 4:
                return ".".join(str(byte) for byte in answer[at : at + 4])
            at += size
    except (IndexError, ValueError):
        pass  # it ends too early
    raise OSError("no address in the answer")


async def _exchange(address, port, request, size, timeout):
    """Sends a UDP request and returns the first answer, of at most `size` bytes."""
    import socket

    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.connect(socket.getaddrinfo(address, port)[0][-1])
        stream = asyncio.StreamReader(sock)
        stream.write(request)
        return await asyncio.wait_for(stream.read(size), timeout)
    finally:
        sock.close()


async def set_clock(server, timeout):
    """Sets the board's clock by NTP (RFC 5905). OSError or asyncio.TimeoutError when no good answer comes."""
    import time

    from machine import RTC

    answer = await _exchange(await resolve(server), NTP_PORT, b"\x1b" + bytes(47), 48, timeout)
    # A server's answer (mode 4), by a clock that is set: no leap indicator 3, no stratum 0 ("kiss of death").
    if len(answer) < 48 or answer[0] & 7 != 4 or answer[0] >> 6 == 3 or not answer[1]:
        raise OSError("%s gave no time" % server)
    # Seconds since 1900 wrap in 2036; those before 1968 belong to the next era.
    seconds = struct.unpack_from(">I", answer, 40)[0]
    seconds += (1 << 32 if seconds < 1 << 31 else 0) - 2208988800
    year, month, day, hour, minute, second, weekday = time.gmtime(seconds - EPOCH)[:7]
    RTC().datetime((year, month, day, weekday, hour, minute, second, 0))


async def need_clock(server, timeout):
    """Sets the clock if it is not set; logs why where that fails."""
    if not now():
        await renew_clock(server, timeout)


async def renew_clock(server, timeout):
    """Sets the clock; logs why where that fails. A computer's clock is its own business."""
    if not MICROPYTHON:
        return
    try:
        await set_clock(server, timeout)
    except (OSError, asyncio.TimeoutError, ImportError) as error:
        log.warning("The clock is not set: %s does not answer (%s)", server, error)
