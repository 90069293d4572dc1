"""What tests of servers and connections share: a free port, and an end to all waiting."""

import asyncio
import os
import socket

HOST = "127.0.0.1"


def address(port):
    """What a socket's bind() and sendto() take."""
    return socket.getaddrinfo(HOST, port)[0][-1]


def free_port(kind=socket.SOCK_STREAM):
    """A port that nobody listens on; MicroPython does not tell which one port 0 got."""
    while True:
        port = 20000 + int.from_bytes(os.urandom(2), "big") % 12000
        sock = socket.socket(socket.AF_INET, kind)
        try:
            sock.bind(address(port))
            return port
        except OSError:
            pass  # taken: another one
        finally:
            sock.close()


def soon(awaitable):
    """Awaits what must happen within some seconds."""
    return asyncio.wait_for(awaitable, 5)
