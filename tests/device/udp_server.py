"""A UDP server in MicroPython's loop, which answers as a test tells it to."""

import asyncio
import socket

from loopback import address, free_port


def _readable(sock):
    yield asyncio.core._io_queue.queue_read(sock)


class UdpServer:
    """`async with UdpServer(answer) as server:` sends each of answer(request), a list of bytes."""

    def __init__(self, answer):
        self.port = free_port(socket.SOCK_DGRAM)
        self.requests = []
        self._answer = answer

    async def __aenter__(self):
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setblocking(False)
        self._sock.bind(address(self.port))
        self._task = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *error):
        self._task.cancel()
        await asyncio.sleep(0)
        self._sock.close()

    async def _serve(self):
        while True:
            await _readable(self._sock)
            request, sender = self._sock.recvfrom(512)
            self.requests.append(request)
            for answer in self._answer(request):
                self._sock.sendto(answer, sender)
