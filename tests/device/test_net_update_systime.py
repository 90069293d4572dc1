"""update_systime sets the board's clock, before the client runs and while it does."""

import asyncio

from loopback import HOST, soon
from observed import Log
from sideboard import ntp
from test_net_clock import Clock, answer
from udp_server import UdpServer
from unlinked import Calls, run_until, unlinked

SUNDAY = (2025, 6, 15, 6, 15, 6, 40, 0)


def with_server(answers, work):
    """work(server), where the time server gives these answers; returns what the clock was set to."""
    normal = ntp.NTP_PORT
    asyncio.new_event_loop()
    server = UdpServer(lambda request: answers)
    try:
        asyncio.run(server.__aenter__())
        ntp.NTP_PORT = server.port
        with Clock() as board:
            work(server)
            return board.moment
    finally:
        ntp.NTP_PORT = normal
        asyncio.run(server.__aexit__())


def test_before_the_client_runs():
    client = unlinked(ntp_server=HOST)
    assert with_server([answer(3958988800)], lambda server: client.update_systime()) == SUNDAY


def test_server_and_timeout_may_be_given():
    client = unlinked(ntp_server="127.0.0.9")
    assert with_server([answer(3958988800)], lambda server: client.update_systime(HOST, 1)) == SUNDAY


def test_silent_server_is_said_in_one_sentence():
    client = unlinked(ntp_server=HOST, ntp_timeout=0.1)
    with Log() as log:
        assert with_server([], lambda server: client.update_systime()) is None
    (text,) = log.texts
    assert HOST in text and "Traceback" not in text


def test_while_the_client_runs():
    client = unlinked(ntp_server=HOST)
    seen = Calls()

    async def ask():
        client.update_systime()
        await soon(client.tasks["clock"])
        seen()

    client.create_task("ask", ask)
    moment = with_server([answer(3958988800)], lambda server: asyncio.run(run_until(client, seen.enough)))
    assert moment == SUNDAY
