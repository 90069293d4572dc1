"""Scripts on a simulated board with the network of a microcontroller, and their visitors."""

import textwrap

import pytest
from vanishing import Visitor

from tools.processes import free_port

LWIP = ("--network", "lwip")
ESP32 = ("--network", "esp32")
BOTH = pytest.mark.parametrize("network", [LWIP, ESP32], ids=["lwip", "esp32"])

# What the scripts have. go() waits for poke().
NAMES = '''
import errno, select, socket, time
from secrets import DASHBOARD_PORT

def serve(backlog):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", DASHBOARD_PORT))
    server.listen(backlog)
    return server

def visitors(count, no_delay=True):
    found = [server.accept()[0] for _ in range(count)]
    for visitor in found:
        visitor.setblocking(False)
        if no_delay:
            visitor.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found

def go():
    server.accept()[0].close()

def timed(function, *arguments):
    """Prints what it returns, bytes as their length, or its error's number, negative; and the ms it took."""
    start = time.ticks_ms()
    try:
        result = function(*arguments)
        if isinstance(result, bytes):
            result = len(result)
    except OSError as error:
        result = -error.errno
    print(result, time.ticks_diff(time.ticks_ms(), start))

def place():
    """Waits until there is a place for a connection."""
    while True:
        try:
            return socket.socket().close()
        except OSError:
            time.sleep_ms(20)

server = serve(5)
print("listening")
'''


class Running:
    """A board that runs a script after NAMES."""

    def __init__(self, boards, script, options, **environment):
        self.port = free_port()
        options = (*options, "--http-port", str(self.port))
        self._board = boards.start(NAMES + textwrap.dedent(script), *options, **environment)
        if self.line() != "listening":
            self.finish()

    def line(self):
        return self._board.stdout.readline().rstrip("\n")

    def timed(self):
        """What timed() printed: the result, and seconds."""
        line = self.line()
        if line.startswith("Traceback"):
            self.finish()
        result, milliseconds = line.rsplit(" ", 1)
        return (None if result == "None" else int(result)), int(milliseconds) / 1000

    def finish(self):
        """The rest of the output; the script must end well."""
        output, errors = self._board.stdout.read(), self._board.stderr.read()
        assert self._board.wait() == 0, output + errors
        return output


def poke(port):
    with Visitor(port):
        pass
