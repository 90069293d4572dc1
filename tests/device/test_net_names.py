"""Name look-ups on the board, with a name server that is late, wrong, broken or silent."""

import asyncio
import socket
import struct

import network
from loopback import HOST, free_port, soon
from loopback import address as local
from observed import error_of_awaited
from sideboard import dns, portal
from sideboard.compat import ticks_diff, ticks_ms
from sideboard.net import resolve
from udp_server import UdpServer

POINTER = b"\xc0\x0c"  # to the name in the question
A, CNAME = 1, 5


def record(kind, data, name=POINTER):
    return name + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def reply(request, *records, flags=0x8180, change=0):
    """The request as a name server returns it, with records; `change` makes another number of it."""
    number = struct.unpack(">H", request[:2])[0] ^ change
    return struct.pack(">HHHHHH", number, flags, 1, len(records), 0, 0) + request[12:] + b"".join(records)


def address(*numbers):
    return record(A, bytes(numbers))


async def asked(answer, host="cloud.example", timeout=0.1):
    """(address, requests) when the name server answers with answer(request)."""
    station = network.WLAN(network.STA_IF)
    station.active(True)
    if not station.isconnected():
        station.connect("any", "password")
    while not station.isconnected():
        await asyncio.sleep_ms(10)
    normal = dns.DNS_PORT, dns._ANSWERED_IN
    try:
        async with UdpServer(answer) as server:
            dns.DNS_PORT, dns._ANSWERED_IN = server.port, timeout
            return await resolve(host), server.requests
    finally:
        dns.DNS_PORT, dns._ANSWERED_IN = normal


async def refused(answer, host="nowhere.example"):
    return await error_of_awaited(OSError, asked(answer, host))


async def test_question_asks_for_the_address_of_the_name():
    _, requests = await asked(lambda request: [reply(request, address(192, 0, 2, 1))], "a.example")
    assert len(requests) == 1
    assert requests[0][2:] == b"\1\0\0\1\0\0\0\0\0\0\1a\7example\0\0\1\0\1"


async def test_first_address_of_the_answer_is_taken():
    answers = address(192, 0, 2, 1), address(192, 0, 2, 2)
    assert (await asked(lambda request: [reply(request, *answers)]))[0] == "192.0.2.1"


async def test_address_behind_other_names_is_found():
    names = (
        record(CNAME, b"\4edge\7example\0"),
        record(CNAME, b"\1b\xc0\x2b", b"\4edge\7example\0"),  # with part of a name seen before
        record(A, bytes((192, 0, 2, 3)), b"\1b\xc0\x2b"),
    )
    assert (await asked(lambda request: [reply(request, *names)]))[0] == "192.0.2.3"


async def test_late_answer_is_awaited_in_the_next_attempt():
    requests = []

    def late(request):
        requests.append(request)
        return [reply(request, address(192, 0, 2, 4))] if len(requests) == 2 else []

    assert (await asked(late))[0] == "192.0.2.4"


async def test_answer_to_another_question_is_not_taken():
    requests = []

    def confused(request):
        requests.append(request)
        return [reply(request, address(192, 0, 2, len(requests)), change=1 if len(requests) == 1 else 0)]

    assert (await asked(confused))[0] == "192.0.2.2"


async def test_name_that_does_not_exist_raises():
    for flags in (0x8183, 0x8182, 0x8185):  # no such name, the server failed, refused
        await refused(lambda request, flags=flags: [reply(request, flags=flags)])


async def test_answer_without_address_raises():
    await refused(lambda request: [reply(request)])
    await refused(lambda request: [reply(request, record(CNAME, b"\4edge\7example\0"))])
    await refused(lambda request: [reply(request, record(A, b"\1\2\3"))])
    await refused(lambda request: [request])  # an echo


async def test_answer_that_ends_too_early_raises():
    sizes = range(len(reply(bytes(33), address(192, 0, 2, 1))))
    for size in sizes:
        requests = []

        def cut(request, size=size, requests=requests):
            requests.append(request)
            return [reply(request, address(192, 0, 2, 1))[:size] or b"\0"]

        await refused(cut)
        assert len(requests) == 3


async def test_name_that_points_to_itself_ends():
    await refused(lambda request: [reply(request, record(CNAME, POINTER, b"\xc0\x1f"))])
    await refused(lambda request: [request[:2] + b"\x81\x80\0\1\xff\xff\0\0\0\0" + b"\1" * 400])


async def test_silent_name_server_raises_in_bounded_time():
    began = ticks_ms()
    await refused(lambda request: [])
    assert ticks_diff(ticks_ms(), began) < 1000


async def test_last_good_address_is_taken_while_the_name_server_fails():
    for answer in (lambda request: [], lambda request: [reply(request, flags=0x8182)]):
        await asked(lambda request: [reply(request, address(192, 0, 2, 5))], "known.example")
        assert (await asked(answer, "known.example"))[0] == "192.0.2.5"


async def test_address_is_asked_for_again_each_time():
    for n in (6, 7):
        found = await asked(lambda request, n=n: [reply(request, address(192, 0, 2, n))], "moving.example")
        assert found[0] == "192.0.2.%d" % n


# The access point's own


async def answers(*questions):
    """What the board's name server answers to the last of these."""
    normal, portal.DNS_PORT = portal.DNS_PORT, free_port(socket.SOCK_DGRAM)
    server = asyncio.create_task(portal.answer_all(HOST))
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        await asyncio.sleep_ms(0)
        sock.connect(local(portal.DNS_PORT))
        for question in questions:
            sock.send(question)
        return await soon(asyncio.StreamReader(sock).read(600))
    finally:
        portal.DNS_PORT = normal
        server.cancel()
        sock.close()


async def test_access_points_name_server_answers_whoever_asks_however_odd_others_are():
    question = b"\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\7example\0\0\1\0\1"
    answer = await answers(b"", b"x", question[:-1], bytes(512), bytes(2000), b"\xff" * 512, question)
    assert answer[:2] == question[:2] and answer[-4:] == bytes((127, 0, 0, 1))
