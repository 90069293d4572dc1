"""A cable between a board and the cloud that a test can pull."""

import contextlib
import socket
import threading
import time


class Cable:
    """Carries TCP connections to a port of this computer, while it is plugged in."""

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends = []
        self._silent = set()
        self.delay = 0  # seconds that bytes take on their way, at least
        self._flows = threading.Event()
        self._flows.set()
        self.carried = bytearray()  # by all connections, both ways
        self.cut = lambda carried: None  # the bytes that it carries until it is pulled, if that is known
        self._plugged = True
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._listener.close()
        self.release()
        self.pull()

    def pull(self):
        """Ends all connections; new ones are closed at once."""
        self._plugged = False
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends = []

    def plug(self):
        self._plugged = True

    def swallow(self, both_ways=True):
        """Open connections stay open, but what comes from the cloud, or either side, goes nowhere."""
        self._silent.update(self._ends if both_ways else self._ends[1::2])

    def hold(self):
        """What is sent from now on waits, both ways, and nothing is lost."""
        self._flows.clear()

    def release(self):
        self._flows.set()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed
            try:
                if not self._plugged:
                    raise OSError
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else it holds small messages back
            self._ends += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                time.sleep(self.delay)
                self._flows.wait()
                if source not in self._silent:
                    self.carried += data
                    end = self.cut(self.carried)
                    over = 0 if end is None else max(0, len(self.carried) - end)
                    target.sendall(data[: max(0, len(data) - over)])
                    if over:
                        self.pull()
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
