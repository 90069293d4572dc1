"""Visitors that misbehave below their program: one that reads nothing, one whose phone has vanished."""

import ctypes
import socket
import struct

_SO_ATTACH_FILTER = 26  # Linux; Python has no names for these
_SO_DETACH_FILTER = 27
_KEEP_NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))


def vanish(connection):
    """From now on its end hears nothing and so acknowledges nothing. What it sends still goes out."""
    program = struct.pack("HP", 1, ctypes.addressof(_KEEP_NOTHING))
    connection.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


def appear(connection):
    """Undoes vanish()."""
    connection.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)


class Visitor:
    """A TCP client of a board at a port of this computer, to be used by `with`.

    reads=False: the window that it offers is small and closes at once, because nobody reads from it.
    """

    def __init__(self, port, reads=True, host="127.0.0.1", timeout=10):
        self.socket = socket.socket()
        self.socket.settimeout(timeout)
        if not reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)  # the kernel's least
        self.socket.connect((host, port))
        self.port = self.socket.getsockname()[1]
        self.send = self.socket.sendall
        self.receive = self.socket.recv

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.leave()

    def ask(self, path="/"):
        self.send(f"GET {path} HTTP/1.1\r\nHost: board\r\n\r\n".encode())

    def vanish(self):
        vanish(self.socket)

    def appear(self):
        appear(self.socket)

    def leave(self):
        self.socket.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
