"""What may be on its way to the visitors of a simulated board, at the same time."""

import errno
import socket
import time

import pytest
from limits import BOTH, ESP32, LWIP, poke

STOPPED = 9.9, 12  # seconds, of a write without memory: 200 times 50 ms


@pytest.mark.parametrize("network, most", [(LWIP, 6400), (ESP32, 5760)], ids=["lwip", "esp32"])
def test_one_visitor_who_takes_nothing_gets_only_so_much(network, most, run, visit):
    board = run("(a,) = visitors(1)\nfor _ in range(2):\n    timed(a.write, bytes(9000))", *network)
    visit(board.port).vanish()
    assert board.timed()[0] == most
    result, seconds = board.timed()
    assert result is None and seconds < 0.2
    board.finish()


@BOTH
def test_what_a_visitor_has_acknowledged_makes_room(network, run, visit):
    script = "(a,) = visitors(1)\nfor _ in range(20):\n    timed(a.write, bytes(5000))\n    go()"
    board = run(script, *network)
    visitor = visit(board.port)
    for _ in range(20):
        result, seconds = board.timed()
        assert result == 5000 and seconds < 0.2
        left = 5000
        while left:
            left -= len(visitor.receive(left))
        poke(board.port)
    board.finish()


def test_when_the_shared_memory_is_full_a_write_stops_everything_and_then_loses_what_it_took(run, visit):
    script = """
        a, b = visitors(2)
        go()
        a.write(bytes(6400))
        timed(b.write, b"x" * 6400)
        b.write(b"y")
        go()
    """
    board = run(script, *LWIP)
    vanished, living = visit(board.port), visit(board.port)
    vanished.vanish()
    poke(board.port)
    result, seconds = board.timed()
    assert result == 6400 and STOPPED[0] < seconds < STOPPED[1]
    assert living.receive(1) == b"y"


@pytest.mark.parametrize("taken, size", [(0, 6400), (500, 200)])  # with headers 7200, 600 and 300 of 8000 B
def test_a_write_goes_on_when_there_is_memory_again(taken, size, run, visit):
    script = f"""
        a, b = visitors(2)
        go()
        a.write(bytes(6400))
        b.write(bytes({taken}))
        print("full")
        timed(b.write, bytes({size}))
    """
    board = run(script, *LWIP)
    first, second = visit(board.port), visit(board.port)
    first.vanish()
    second.vanish()
    poke(board.port)
    assert board.line() == "full"
    time.sleep(1)
    first.appear()
    result, seconds = board.timed()
    assert result == size and 0.9 < seconds < 6
    board.finish()


def test_a_write_that_waits_for_memory_ends_when_its_visitor_resets(run, visit):
    script = "a, b = visitors(2)\ngo()\na.write(bytes(6400))\nprint('full')\ntimed(b.write, bytes(6400))"
    board = run(script, *LWIP)
    vanished, living = visit(board.port), visit(board.port)
    vanished.vanish()
    poke(board.port)
    assert board.line() == "full"
    time.sleep(0.5)
    living.reset()
    result, seconds = board.timed()
    assert result == -errno.EIO and seconds < 3
    board.finish()


SMALL = """
(a,) = visitors(1, {no_delay})
go()
for _ in range({count}):
    a.write(b"x")
print("sent")
timed(a.write, b"x")
"""


def test_every_small_message_is_a_segment_and_there_are_32(run, visit):
    board = run(SMALL.format(no_delay=True, count=32), *LWIP)
    visitor = visit(board.port)
    visitor.vanish()
    poke(board.port)
    assert board.line() == "sent"
    time.sleep(1)
    visitor.appear()
    result, seconds = board.timed()
    assert result == 1 and 0.9 < seconds < 6
    board.finish()


def test_with_nagles_algorithm_small_messages_share_segments(run, visit):
    board = run(SMALL.format(no_delay=False, count=500), *LWIP)
    visit(board.port).vanish()
    poke(board.port)
    assert board.line() == "sent"
    result, seconds = board.timed()
    assert result == 1 and seconds < 0.2
    board.finish()


def test_an_esp32_never_stops_and_has_memory_for_each(run, visit):
    script = """
        found = visitors(4)
        go()
        for visitor in found + found:
            timed(visitor.write, bytes(9000))
    """
    board = run(script, *ESP32)
    for _ in range(4):
        visit(board.port).vanish()
    poke(board.port)
    results = [board.timed() for _ in range(8)]
    assert [result for result, _ in results] == [5760] * 4 + [None] * 4
    assert max(seconds for _, seconds in results) < 0.2
    board.finish()


def test_udp_needs_the_shared_memory_too(run, visit):
    script = """
        a, b = visitors(2)
        go()
        a.write(bytes(6400))
        b.write(bytes(600))
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        timed(one.sendto, bytes(100), ("127.0.0.1", 9))
    """
    board = run(script, *LWIP)
    for _ in range(2):
        visit(board.port).vanish()
    poke(board.port)
    assert board.timed()[0] == -errno.ENOMEM
    board.finish()


@BOTH
def test_asyncio_waits_for_a_visitor_who_does_not_read_without_a_pause_for_others(network, run, visit):
    script = """
        import asyncio

        async def main():
            (a,) = visitors(1)
            reading = asyncio.create_task(asyncio.StreamReader(a).read(1))  # so that it is polled for both
            stream = asyncio.StreamWriter(a)
            stream.write(bytes(60000))
            drained = asyncio.create_task(stream.drain())
            longest = 0
            before = time.ticks_ms()
            while not drained.done():
                await asyncio.sleep_ms(1)
                now = time.ticks_ms()
                longest = max(longest, time.ticks_diff(now, before))
                before = now
            print(longest)

        asyncio.run(main())
    """
    board = run(script, *network)
    visitor = visit(board.port, reads=False)
    time.sleep(1)
    left = 60000
    while left:
        left -= len(visitor.receive(left))
    assert int(board.line()) < 500  # a busy computer takes its time, too
    board.finish()


def data_segments(connection):
    """How many segments with data have come: tcpi_data_segs_in in Linux' struct tcp_info."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return int.from_bytes(info[152:156], "little")


@pytest.mark.parametrize("no_delay, segments", [(True, 3), (False, 2)])
def test_without_no_delay_small_messages_wait_for_each_other(no_delay, segments, run, visit):
    script = f"(a,) = visitors(1, {no_delay})\ngo()\nfor _ in range(3):\n    a.write(b'x')\ngo()"
    board = run(script, *LWIP)
    visitor = visit(board.port)
    visitor.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)  # acknowledges after 40 ms
    poke(board.port)
    left = 3
    while left:
        left -= len(visitor.receive(3))
    assert data_segments(visitor.socket) == segments
