"""Makes MicroPython for WebAssembly like that of a board, but for the network."""

import asyncio
import os
import random
import sys
import time
from asyncio import core

# In a browser asyncio runs when the page has time. Here it runs until a coroutine has ended, as on a board.
waits = []  # ms until the next task is due
core._schedule_run_iter = waits.append


def run(coroutine):
    ended = []

    async def to_its_end():
        try:
            ended.append((await coroutine, None))
        except BaseException as error:
            ended.append((None, error))

    core.create_task(to_its_end())
    while True:
        waits.clear()
        core._run_iter()
        if ended:
            break
        if not waits:
            raise RuntimeError("it waits for what never comes")
        time.sleep_ms(waits[-1])
    result, error = ended[0]
    if error:
        raise error
    return result


async def open_connection(host, port):
    raise OSError(113)  # there is no way to that host


class Nothing:
    """Stands for what serves a network alone: whatever is asked of it is nothing again."""

    def __init__(self, *args):
        pass

    def __getattr__(self, name):
        return Nothing()

    def __call__(self, *args, **options):
        return Nothing()

    def __getitem__(self, key):
        return Nothing()


asyncio.run = core.Loop.run_until_complete = run
asyncio.open_connection = open_connection
os.urandom = lambda size: bytes(random.getrandbits(8) for _ in range(size))
for name in ("socket", "usocket", "ssl", "tls"):
    sys.modules[name] = Nothing()
