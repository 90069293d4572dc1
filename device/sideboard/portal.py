"""Leads phones on the board's access point to its page: loaded when that opens.

They ask somewhere whether they are in the internet, and open what they get in its place.
"""

import asyncio
import socket

from microdot.microdot import Response

from .compat import sleep_ms
from .dns import DNS_PORT
from .errors import log


async def lead(wifi):
    """Any name and address lead to the page, or at a first start to the setup, until this is cancelled."""
    dashboard, before = wifi.dashboard, wifi.dashboard.dispatch_request
    fresh = not wifi.networks
    place = dashboard.url(wifi.point) + ("setup" if fresh else "")

    async def answer(request):
        response = await before(request)
        if request and request.method == "GET" and request.path[:4] not in ("/api", "/ws"):
            if response.status_code in (404, 421) or fresh and request.path == "/":
                response = Response("", 302, {"Location": place})
        return response

    dashboard.dispatch_request = answer
    try:
        await answer_all(wifi.point)
    except OSError as error:
        log.warning("Wi-Fi: phones do not open the page by themselves: no name server (%s)", error)
        await asyncio.Event().wait()
    finally:
        dashboard.dispatch_request = before


async def answer_all(address):
    """Tells who asks for a name (RFC 1035) that it is the board's, one question at a time.

    OSError when the port is not to be had.
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
    numbers = bytes(map(int, address.split(".")))
    # One answer: the name above, for ten seconds.
    return answer[:7] + b"\1" + answer[8:] + b"\xc0\x0c\0\1\0\1\0\0\0\x0a\0\4" + numbers
