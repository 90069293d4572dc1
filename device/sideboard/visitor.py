"""A visitor: one connection, what it sends and hears, how long it may be silent, its place among others."""

import asyncio

from .compat import close, no_delay, sleep_ms

_SILENCE_MS = 15000  # a page is pinged so often and must answer in time; other connections last so long
_PLACES = 6  # a board has 8 to 16 sockets in all


def enter(visitors, newcomer):
    """Gives a newcomer a place; where all are taken the oldest visitor goes, a page only among pages."""
    if len(visitors) >= _PLACES:
        for oldest in visitors:
            if not oldest.page:
                break
        else:
            oldest = visitors[0]
        visitors.remove(oldest)
        oldest.task.cancel()
    visitors.append(newcomer)


class Visitor:
    """A reader and writer for microdot, and for the page that may be opened on it.

    It is made in the task that serves it.
    """

    page = None  # the open one

    def __init__(self, reader, writer):
        no_delay(writer)
        self.task = asyncio.current_task()
        self.readline = reader.readline
        self.readexactly = reader.readexactly
        self.get_extra_info = writer.get_extra_info
        self._writer = writer
        self._lock = asyncio.Lock()
        self.heard = False  # lately

    async def awrite(self, data):
        if data[:8] == b"HTTP/1.0":  # as microdot answers; browsers then keep no page to ask for again
            data = b"HTTP/1.1%sConnection: close\r\n" % data[8:]
        await self._lock.acquire()  # answers and changes are sent by two tasks
        self._writer.write(data)
        await self._writer.drain()
        self._lock.release()  # not after an error: then nothing may follow

    async def aclose(self):
        pass  # the page may follow

    async def watch(self):
        """Ends when a request takes too long, or a page does not answer a ping.

        Begins before anything is read.
        """
        while True:
            self.heard = False
            await sleep_ms(_SILENCE_MS)
            if not self.heard:
                return
            self.page.ping()

    def close(self):
        """Ends the connection at once."""
        close(self._writer)


async def receive(request, write):
    """Gives the body of a request to `write`, in pieces."""
    left = request.content_length
    while left > 0:
        write(await request.stream.readexactly(min(left, 512)))
        left -= 512
