"""Serves the page from the bytes of a firmware; prints its size, and by how much the heap grows meanwhile.

Arguments: the port, and the short names in the firmware for Registry, Dashboard, open_port and let_in.
"""

import asyncio
import gc
import sys

import sideboard
from sideboard import dashboard as module
from sideboard import rom

PORT = int(sys.argv[1])
REGISTRY, DASHBOARD, OPEN_PORT, LET_IN = sys.argv[2:]


def allocated():
    gc.collect()
    return gc.mem_alloc()


async def visit(path):
    """Returns how many bytes came, and the most that was allocated meanwhile."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(b"GET %s HTTP/1.0\r\n\r\n" % path)
    await writer.drain()
    buffer = bytearray(256)
    came = most = 0
    while True:
        count = await reader.readinto(buffer)
        if not count:
            writer.close()
            await writer.wait_closed()
            return came, most
        came += count
        most = max(most, allocated())


async def main():
    registry = getattr(sideboard, REGISTRY)()
    dashboard = getattr(module, DASHBOARD)(registry, PORT, "127.0.0.1")
    getattr(dashboard, OPEN_PORT)()
    serving = asyncio.create_task(getattr(dashboard, LET_IN)())
    await visit(b"/")  # what is made once is not counted
    for path, content in (b"/", rom.PAGE), (b"/more.js", rom.MORE), (b"/editor.js", rom.EDITOR):
        before = allocated()
        came, most = await visit(path)
        assert came > len(content)
        print(path.decode(), len(content), most - before)
    serving.cancel()


asyncio.run(main())
