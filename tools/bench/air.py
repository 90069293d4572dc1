"""Bad Wi-Fi between programs of this computer: what they say comes late, some of it only the second time."""

import contextlib
import queue
import random
import socket
import threading
import time

DELAY, JITTER = 0.1, 0.05  # seconds: each way, on average, and by how much it varies to either side
LOSS = 0.05  # of the packets
AGAIN = 0.3  # seconds until TCP sends a lost one again; what was sent after it has to wait
PACKET = 1460  # bytes
WAITING = 64  # packets under way, each way; then the sender's buffers fill


class Air:
    """Carries TCP connections to a port of this computer through bad air; ends with `with`."""

    def __init__(self, target, seed=1):
        self._target = target
        self._chance = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends = []
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for end in self._listener, *self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self):
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._ends += near, far
                for end in near, far:
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for source, target in (near, far), (far, near):
                    under_way = queue.Queue(WAITING)
                    for work, end in (self._take, source), (self._give, target):
                        threading.Thread(target=work, args=(end, under_way), daemon=True).start()

    def _take(self, source, under_way):
        data = b"-"
        while data:
            try:
                data = source.recv(PACKET)
            except OSError:
                data = b""
            late = self._chance.uniform(DELAY - JITTER, DELAY + JITTER)
            if self._chance.random() < LOSS:
                late += AGAIN
            under_way.put((time.monotonic() + late, data))

    @staticmethod
    def _give(target, under_way):
        data = b"-"
        while data:
            due, data = under_way.get()
            time.sleep(max(0, due - time.monotonic()))
            with contextlib.suppress(OSError):  # it has gone: the rest is taken for nothing
                target.sendall(data) if data else target.shutdown(socket.SHUT_WR)
