"""The socket module of a simulated board with a microcontroller's network: options, errors, addresses."""

import errno
import json

import pytest
from limits import BOTH, ESP32, LWIP, poke

from tools.local import Board, Cloud
from tools.processes import free_port

MOST_HEAP = 14000


@pytest.mark.parametrize(
    "network, option, warns",
    [(LWIP, 0x40, False), (LWIP, 1, True), (ESP32, 1, False), (ESP32, 0x40, True)],
)
def test_no_delay_has_another_number_on_each(network, option, warns, run, visit):
    board = run(f"a = server.accept()[0]\na.setsockopt(6, {option}, 1)\nprint(socket.TCP_NODELAY)", *network)
    visit(board.port)
    warning = f"Warning: lwip.setsockopt() {'option ' if network == ESP32 else ''}not implemented\n"
    assert board.finish() == (warning if warns else "") + ("1\n" if network == ESP32 else "64\n")


@pytest.mark.parametrize("network, names", [(LWIP, [True, False]), (ESP32, [False, False])])
def test_names_by_which_programs_know_the_port(network, names, run):
    script = "print([hasattr(socket, name) for name in ('print_pcbs', 'SO_LINGER')])"
    assert run(script, *network).finish() == f"{names}\n"


def test_refused_connection_is_a_reset(run):
    board = run(f"timed(socket.socket().connect, ('127.0.0.1', {free_port()}))", *LWIP)
    assert board.timed()[0] == -errno.ECONNRESET
    board.finish()


def test_taken_port(run):
    board = run("timed(socket.socket().bind, ('127.0.0.1', DASHBOARD_PORT))", *LWIP)
    assert board.timed()[0] == -errno.EADDRINUSE
    board.finish()


def test_reset_by_the_visitor(run, visit):
    script = """
        (a,) = visitors(1)
        print("accepted")
        go()
        timed(a.write, b"x")
        timed(a.read, 1)
        timed(a.read, 1)
        timed(a.write, b"x")
    """
    board = run(script, *LWIP)
    visitor = visit(board.port)
    assert board.line() == "accepted"
    visitor.reset()
    poke(board.port)
    results = [board.timed()[0] for _ in range(4)]
    assert results == [-errno.ECONNRESET, -errno.ECONNRESET, 0, -errno.EIO]
    board.finish()


def test_visitor_that_never_answers_is_given_up(run, visit):
    script = """
        socket.GIVES_UP_MS = 1000
        (a,) = visitors(1)
        go()
        a.write(b"x")
        poller = select.poll()
        poller.register(a, select.POLLIN)
        poller.poll(9000)
        timed(a.read, 1)
    """
    board = run(script, *LWIP)
    visit(board.port).vanish()
    poke(board.port)
    assert board.timed()[0] == -errno.ECONNABORTED
    board.finish()


@BOTH
def test_lost_wifi_aborts_connections(network, run, visit, tmp_path):
    script = """
        (a,) = visitors(1)
        poller = select.poll()
        poller.register(a, select.POLLIN)
        print("waiting")
        timed(lambda: len(poller.poll(9000)))
        timed(a.write, b"x")
        timed(a.read, 1)
        timed(a.read, 1)
        for _ in range(6):  # more than there are places: who loses a socket does not lose the place
            timed(socket.socket().connect, ("127.0.0.1", DASHBOARD_PORT))
    """
    air = tmp_path / "air.json"
    air.write_text("{}")
    board = run(script, *network, SIDEBOARD_WIFI_FILE=str(air))
    visit(board.port)
    assert board.line() == "waiting"
    new = air.with_suffix(".new")
    new.write_text(json.dumps({"up": False}))
    new.replace(air)
    result, seconds = board.timed()
    assert result == 1 and seconds < 5
    results = [board.timed()[0] for _ in range(9)]
    lost = -errno.ECONNABORTED
    assert results == [lost, lost, -errno.EBADF] + [-errno.EHOSTUNREACH] * 6
    board.finish()


@BOTH
def test_udp(network, run):
    script = """
        family, kind, *_, address = socket.getaddrinfo("127.0.0.1", 1234)[0]
        print(family, kind, address)
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", DASHBOARD_PORT))
        two = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        two.sendto(b"question", ("127.0.0.1", DASHBOARD_PORT))
        data, address = one.recvfrom(100)
        one.sendto(b"answer", address)
        print(data, address[0], two.recv(100))
        two.setblocking(False)
        print(two.read(100))
    """
    lines = run(script, *network).finish().splitlines()
    assert lines == ["2 1 ('127.0.0.1', 1234)", "b'question' 127.0.0.1 b'answer'", "None"]


@BOTH
def test_cloud_and_pages(network, tmp_path):
    script = tmp_path / "main.py"
    script.write_text(
        "import logging\n"
        "from sideboard import ArduinoCloudClient\n\n"
        "logging.basicConfig(level=logging.INFO)\n"
        "client = ArduinoCloudClient()\n"
        "client.register('switch', type=bool, on_write=lambda client, value: None)\n"
        "client.start(interval=0.1)\n"
    )
    with Cloud(tmp_path / "cloud", [{"name": "switch", "type": "bool"}]) as cloud:
        with Board(script, cloud.folder / "secrets.py", network=network[1]) as board:
            board.wait_for("Dashboard: ")
            board.page.wait_for_status("cloud", "connected")
            with board.page.follow() as page, board.page.follow() as other:
                for value in (True, False, True):
                    assert "error" not in page.write("switch", value)
                    other.wait_for("switch", value)
                    cloud.page.wait_for("switch", value)
                cloud.page.put("switch", False)
                page.wait_for("switch", False)
            assert "Traceback" not in board.output


def test_poll_of_many_with_and_without_descriptors(run):
    """MicroPython's own forgets the latter once there are five of the former."""
    script = """
        import io

        class Ready(io.IOBase):
            def ioctl(self, request, argument):
                return argument if request == 3 else -22

        poller = select.poll()
        ready = Ready()
        poller.register(ready, select.POLLIN)
        many = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(8)]
        for one in many:
            poller.register(one, select.POLLIN)
        print([what is ready for what, _ in poller.poll(100)])
    """
    assert run(script, *LWIP).finish() == "[True]\n"


def test_heap_that_it_takes(boards):
    script = """
        import gc
        gc.collect()
        used = gc.mem_alloc()
        import socket
        gc.collect()
        print(gc.mem_alloc() - used)
    """
    (taken,) = boards.lines(script, *LWIP)
    assert int(taken) <= MOST_HEAP


def test_host_is_the_computers_own(boards):
    assert boards.lines("import socket, usocket\nprint(socket is usocket)", "--network", "host") == ["True"]


def test_unknown_network(boards):
    _, errors = boards.run("", "--network", "ethernet", code=2)
    assert errors == "--network ethernet is none: it is lwip, esp32 or host.\n"
