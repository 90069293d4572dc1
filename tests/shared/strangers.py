"""A house full of strangers: visitors of a board from several addresses, all at once.

Each is a coroutine that goes on until it is cancelled; `seen` counts what became of them.
"""

import asyncio
import collections
import contextlib
import random
import threading

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
WHOLE = "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n"
PUT = b"PUT /api/variables/level HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n["
FLOOD = "/", "/editor.js", "/api/variables", "/api/status", "/nowhere", "/api/dashboard"


class Strangers:
    """`with Strangers(port) as strangers:` besieges the board at this port; they are gone at its end.

    pages: how many come and go; silent: how many are silent or slow; floods: how many ask all the time.
    """

    def __init__(self, port, pages=20, silent=100, floods=6):
        self.seen = collections.Counter()
        self._port = port
        self._visits = [self._page(number) for number in range(pages)]
        self._visits += [self._silent(number) for number in range(silent)]
        self._visits += [self._flood(number) for number in range(floods)]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._besiege()))

    def __enter__(self):
        self._started = threading.Event()
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _besiege(self):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._started.set()
        visits = [asyncio.create_task(self._again(visit)) for visit in self._visits]
        await self._end.wait()
        left = visits
        while left:  # Python 3.11's wait_for may lose a cancellation
            for visit in left:
                visit.cancel()
            _, left = await asyncio.wait(left, timeout=1)
        assert all(visit.cancelled() for visit in visits), visits

    async def _again(self, visit):
        while True:
            try:
                what = await visit()
            except (OSError, EOFError, asyncio.TimeoutError, WebSocketException) as error:
                what = type(error).__name__
            self.seen[visit.__qualname__.split(".")[1][1:] + ": " + what] += 1
            await asyncio.sleep(0.02)

    def _page(self, number):
        choose = random.Random(number)

        async def visit():
            url = f"ws://127.0.0.1:{self._port}/ws"
            source = ("127.0.0.%d" % (2 + number % 2), 0)
            async with connect(url, local_addr=source, proxy=None, open_timeout=5, close_timeout=1) as page:
                for _ in range(choose.randrange(20)):
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(page.recv(), choose.random() / 5)
            return "left by itself"

        return visit

    def _silent(self, number):
        choose = random.Random(number)
        source = "127.0.0.1" if number % 10 == 0 else "127.0.0.%d" % (4 + number % 4)

        async def visit():
            reader, writer = await self._open(source)
            try:
                writer.write(choose.choice((b"", HALF, PUT, WHOLE.format("/").encode())))
                if choose.random() < 0.5:  # it reads nothing, or trickles
                    reader = None
                while reader is None or await reader.read(1000):
                    await asyncio.sleep(choose.random())
                    writer.write(b"x")
                    await writer.drain()
                return "closed"
            finally:
                writer.transport.abort()

        return visit

    def _flood(self, number):
        choose = random.Random(number)
        source = "127.0.0.1" if number % 3 == 0 else "127.0.0.8"

        async def visit():
            reader, writer = await self._open(source)
            try:
                writer.write(WHOLE.format(choose.choice(FLOOD)).encode())
                answer = await asyncio.wait_for(reader.read(), 5)
                return answer[9:12].decode() or "nothing"
            finally:
                writer.close()

        return visit

    async def _open(self, source):
        return await asyncio.wait_for(
            asyncio.open_connection("127.0.0.1", self._port, local_addr=(source, 0)), 5
        )
