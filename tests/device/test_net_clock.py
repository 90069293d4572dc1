"""The board's clock, set by a time server that is right, wrong, broken or silent."""

import asyncio
import struct

import machine
from observed import Log, error_of_awaited
from sideboard import client, ntp
from sideboard.clock import now
from udp_server import UdpServer
from unlinked import unlinked


def answer(seconds, start=0x24, stratum=2):
    """A server's answer: leap indicator, version and mode; stratum; its time in seconds since 1900."""
    return bytes((start, stratum)) + bytes(38) + struct.pack(">II", seconds, 0)


class Clock:
    """Stands for the board's clock within `with Clock() as board:`; `board.moment` is what it was set to."""

    def __enter__(self):
        self.moment = None
        self._normal, machine.RTC = machine.RTC, lambda: self
        return self

    def __exit__(self, *error):
        machine.RTC = self._normal

    def datetime(self, moment):
        self.moment = moment


async def served(answers, work):
    """(result, what the clock was set to, the requests)."""
    normal = ntp.NTP_PORT
    with Clock() as board:
        try:
            async with UdpServer(lambda request: answers) as server:
                ntp.NTP_PORT = server.port
                return await work(), board.moment, server.requests
        finally:
            ntp.NTP_PORT = normal


def set_clock():
    return ntp.set_clock("127.0.0.1", 0.1)


async def refused(answers, error=OSError):
    _, moment, _ = await served(answers, lambda: error_of_awaited(error, set_clock()))
    assert moment is None


async def test_clock_is_set():
    # 2025-06-15 15:06:40, a Sunday: 1750000000 since 1970.
    _, moment, requests = await served([answer(3958988800)], set_clock)
    assert moment == (2025, 6, 15, 6, 15, 6, 40, 0)
    assert requests == [b"\x1b" + bytes(47)]


async def test_clock_is_set_after_2036():
    _, moment, _ = await served([answer(1)], set_clock)
    assert moment == (2036, 2, 7, 3, 6, 28, 17, 0)


async def test_server_whose_clock_is_not_set_is_refused():
    await refused([answer(3958988800, start=0xE4, stratum=16)])


async def test_kiss_of_death_is_refused():
    await refused([answer(3958988800, stratum=0)])


async def test_answer_that_is_no_servers_is_refused():
    await refused([answer(3958988800, start=0x1B)])


async def test_short_answer_is_refused():
    for size in (1, 2, 40, 47):
        await refused([answer(3958988800)[:size]])


async def test_silent_server_times_out():
    await refused([], asyncio.TimeoutError)


async def prepared(clock):
    """Lets a client prepare for a connection to the cloud, whose clock is this."""
    linked = unlinked(ntp_server="127.0.0.1", ntp_timeout=0.1)
    linked._network_up.set()
    client.now, normal = clock, client.now
    try:
        await linked._prepare()
    finally:
        client.now = normal


async def test_clock_that_is_set_is_left_alone():
    _, moment, requests = await served([answer(3958988800)], lambda: prepared(now))
    assert (moment, requests) == (None, [])


async def test_clock_is_set_before_the_first_connection():
    _, moment, _ = await served([answer(3958988800)], lambda: prepared(lambda: None))
    assert moment == (2025, 6, 15, 6, 15, 6, 40, 0)


async def test_clock_that_cannot_be_set_is_said_and_no_error():
    with Log() as log:
        await served([], lambda: prepared(lambda: None))
    assert len(log.texts) == 1 and "127.0.0.1" in log.texts[0]


async def test_clock_is_set_anew_when_the_network_is_back_and_once_a_day():
    async def both():
        board = unlinked(ntp_server="127.0.0.1", ntp_timeout=0.1)
        running = asyncio.create_task(board._keep_clock())
        board._on_address("192.0.2.7")
        await asyncio.sleep(0.05)
        before = len(requests)  # the first time it is set by who needs it
        board._on_address("192.0.2.8")
        while len(requests) < 1:
            await asyncio.sleep(0.01)
        normal, client._DAY = client._DAY, 0.05
        board._on_address("192.0.2.8")
        while len(requests) < 5:
            await asyncio.sleep(0.01)
        client._DAY = normal
        running.cancel()
        return before

    requests = []
    normal, client.renew_clock = client.renew_clock, lambda *server: noted(requests, server)
    try:
        assert await asyncio.wait_for(both(), 5) == 0
    finally:
        client.renew_clock = normal
    assert requests[0] == ("127.0.0.1", 0.1)


async def noted(requests, server):
    requests.append(server)


async def test_clock_that_is_off_by_more_than_a_minute_from_the_cloud_is_said_once():
    board = unlinked()
    board.register("level", type=int, on_write=lambda board, value: None)
    link = board._link
    link._thing = b"/a/t/thing"
    with Log() as log:
        for off in (30, 100, 200, 30, -100):
            stamp = struct.pack(">I", int(now()) - off)
            await link.on_message(b"/a/t/thing/e/i", b"\x81\xa3\x00\x65level\x02\x01\x06\x1a" + stamp)
    texts = [text for text in log.texts if "clock" in text]
    assert len(texts) == 2, texts
    for text, off in zip(texts, (100, -100)):
        assert text.startswith("Cloud: the board's clock is off by ")
        assert abs(int(text.split()[-2]) - off) <= 1
