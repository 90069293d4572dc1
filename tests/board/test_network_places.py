"""How many connections a simulated board may have, who waits, and when a place is free again."""

import contextlib
import errno
import select
import socket
import time

import pytest
from limits import ESP32, LWIP, poke


def begin(port):
    """A connection that is asked for."""
    connection = socket.socket()
    connection.setblocking(False)
    assert connection.connect_ex(("127.0.0.1", port)) == errno.EINPROGRESS
    return connection


def is_welcomed(visitor, seconds):
    return bool(select.select([visitor], [], [], seconds)[0])


def test_the_sixth_connection_waits_for_a_place(run, visit):
    script = """
        import asyncio

        async def visit(reader, writer):
            writer.write(b"welcome")
            await reader.read(1)
            writer.s.close()

        async def main():
            server.close()
            serving = await asyncio.start_server(visit, "127.0.0.1", DASHBOARD_PORT)
            print("serving")
            await asyncio.sleep(15)

        asyncio.run(main())
    """
    board = run(script, *LWIP)
    assert board.line() == "serving"
    first = [visit(board.port) for _ in range(5)]
    time.sleep(0.2)
    with contextlib.ExitStack() as stack:
        for leaving in first[2:4]:
            late = stack.enter_context(begin(board.port))
            assert not is_welcomed(late, 0.7)
            leaving.leave()
            assert is_welcomed(late, 5)


def test_without_a_place_there_is_no_socket(run, visit):
    script = """
        a = visitors(4)
        b = socket.socket()
        timed(socket.socket)
        b.close()
        timed(place)
    """
    board = run(script, *LWIP)
    for _ in range(4):
        visit(board.port)
    assert board.timed()[0] == -errno.ENOMEM
    assert board.timed()[1] < 0.2
    board.finish()


@pytest.mark.parametrize("unread", [b"", b"unread"], ids=["politely", "with a reset"])
def test_closing_a_vanished_visitor(unread, run, visit):
    """Its place and memory are held for 10 s; if something that it sent was not read, not at all."""
    script = """
        found = visitors(5)
        time.sleep(0.5)
        found[0].write(bytes(6400))
        found[0].close()
        timed(place)
        timed(found[1].write, bytes(6400))
    """
    board = run(script, *LWIP)
    first = visit(board.port)
    if unread:
        first.send(unread)
    first.vanish()
    for _ in range(4):
        visit(board.port)
    _, seconds = board.timed()
    assert seconds < 0.2 if unread else 9.5 < seconds < 12
    result, seconds = board.timed()
    assert result == 6400 and seconds < 0.2
    board.finish()


def test_visitor_who_keeps_the_connection_is_reset_10_s_after_the_close(run, visit):
    board = run("found = visitors(5)\nfound[0].close()\ntimed(place)", *LWIP)
    for _ in range(5):
        visit(board.port)
    assert 9.5 < board.timed()[1] < 12
    board.finish()


def test_visitor_who_leaves_gives_the_place_back(run, visit):
    script = """
        found = visitors(5)
        while found[0].read(1) is None:
            pass
        found[0].close()
        timed(place)
    """
    board = run(script, *LWIP)
    visitors = [visit(board.port) for _ in range(5)]
    visitors[0].leave()
    assert board.timed()[1] < 0.2
    board.finish()


def test_closing_with_something_unread_resets(run, visit):
    board = run("(a,) = visitors(1)\ntime.sleep(0.3)\na.write(b'answer')\na.close()", *LWIP)
    visitor = visit(board.port)
    visitor.send(b"question")
    with pytest.raises(ConnectionResetError):
        while visitor.receive(100):
            pass
    board.finish()


def test_more_visitors_than_the_backlog_are_reset(run, visit):
    script = """
        server.close()
        server = serve(1)
        print("again")
        time.sleep(0.5)
        (a,) = visitors(1)
        a.write(b"welcome")
        go()
    """
    board = run(script, *LWIP)
    assert board.line() == "again"
    visitors = [visit(board.port) for _ in range(2)]
    assert visitors[0].receive(10) == b"welcome"
    with pytest.raises(ConnectionResetError):
        visitors[1].receive(10)


def test_an_esp32_has_ten_sockets(run, visit):
    script = """
        many = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(7)]
        found = visitors(2)
        timed(socket.socket)
        timed(server.accept)
    """
    board = run(script, *ESP32)
    for _ in range(2):
        visit(board.port)
    assert board.timed()[0] == -errno.ENFILE
    third = visit(board.port)
    assert board.timed()[0] == -errno.ENFILE
    assert third.receive(1) == b""  # it was accepted, and closed
    board.finish()


def test_what_came_before_it_was_accepted_is_heard_at_the_next_quarter_of_a_second(run, visit):
    script = """
        time.sleep(0.3)
        while not 20 < time.ticks_ms() % 250 < 60:
            pass
        (a,) = visitors(1)
        poller = select.poll()
        poller.register(a, select.POLLIN)
        print(a.read(5), len(poller.poll(0)))
        timed(lambda: len(poller.poll(1000)))
        print(a.read(8), time.ticks_ms() % 250 < 50)
        go()
        timed(lambda: len(poller.poll(1000)))
    """
    board = run(script, *LWIP)
    visitor = visit(board.port)
    visitor.send(b"question")
    assert board.line() == "None 0"
    result, seconds = board.timed()
    assert result == 1 and seconds > 0.1
    assert board.line() == "b'question' True"
    visitor.send(b"another")
    poke(board.port)
    result, seconds = board.timed()
    assert result == 1 and seconds < 0.05  # once it is accepted nothing is refused
    board.finish()


def test_an_esp32_hears_at_once_what_came_before(run, visit):
    board = run("time.sleep(0.3)\n(a,) = visitors(1)\nprint(a.read(8))", *ESP32)
    visit(board.port).send(b"question")
    assert board.line() == "b'question'"
    board.finish()
