"""The addresses of host names (RFC 1035), asked for without blocking, and told on the board's access point.

Loaded when one is to be looked up, or the access point opens.
"""

import asyncio
import socket
from random import getrandbits

from .compat import sleep_ms
from .net import ask

DNS_PORT = 53
_ANSWERED_IN = 2  # seconds


async def look_up(host):
    """Asks the network's name server for the IPv4 address of `host`. OSError when it does not know."""
    import network

    number = getrandbits(16).to_bytes(2, "big")
    # One question, recursion desired, type A, class IN.
    labels = "".join(chr(len(label)) + label for label in host.split(".")).encode()
    question = number + b"\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"
    server = network.WLAN(network.STA_IF).ifconfig()[3]
    return address_in(await ask(server, DNS_PORT, question, _ANSWERED_IN), question)


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


async def answer_all(address):
    """Tells everyone on the access point that every name is the board's: so phones open its page.

    One question at a time. OSError when the port is not to be had.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.bind(socket.getaddrinfo(address, DNS_PORT)[0][-1])
        stream = asyncio.StreamReader(sock)
        while True:
            await stream.read(0)  # waits until something is there
            try:
                question, peer = sock.recvfrom(512)
                answer = answer_to(question, address)
                if answer:
                    sock.sendto(answer, peer)
            except OSError:
                pass  # there is no memory, or nobody any more
            await sleep_ms(10)  # however many ask
    finally:
        sock.close()


def answer_to(question, address):
    """The answer that a name has this address, and nothing else; b"" to what is no question."""
    end = 12
    try:
        while question[end]:
            end += question[end] + 1 if question[end] < 64 else 512
    except IndexError:
        return b""
    asked = question[end + 1 : end + 5]
    # Not an answer, a plain query, one question and no answers, a name of 255 bytes at most.
    if question[2] & 0xF8 or question[4:10] != b"\0\1\0\0\0\0" or len(asked) < 4 or end > 266:
        return b""
    answer = question[:2] + b"\x81\x80\0\1\0\0\0\0\0\0" + question[12 : end + 5]
    if asked != b"\0\1\0\1":  # type A, class IN
        return answer
    numbers = bytes([int(number) for number in address.split(".")])
    # One answer: the name above, for ten seconds.
    return answer[:7] + b"\1" + answer[8:] + b"\xc0\x0c\0\1\0\1\0\0\0\x0a\0\4" + numbers
