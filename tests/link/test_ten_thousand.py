"""Nothing of a visitor stays when it is gone: ten thousand of every kind, and the heap is where it was."""

import asyncio
import itertools
import socket
import struct
import time
from pathlib import Path

from test_siege import LOST, most_free, warm_up

from tools.local import Board

SCRIPT = Path(__file__).with_name("besieged.py")
SECRETS = 'WIFI_SSID = "net"\nWIFI_PASS = "password"\nDEVICE_ID = "device"\nSECRET_KEY = "secret"\n'
SECRETS += 'CLOUD_SERVER = "127.0.0.1"\nCLOUD_PORT = 9\n'  # where nobody is
COUNT = 10000
GET = "GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n"
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)
PAGE = GET.format("/ws", UPGRADE)
PUT = "PUT {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n"
BUSY = (b"", b"HTTP/1.1 503")  # beside what is expected: others have the places


class Crowd:
    """Visitors of the board at a port; `opened` counts their connections, `told` what they were told."""

    def __init__(self, port):
        self.opened = 0
        self.told = set()
        self._port = port

    async def open(self, head="", read=0):
        """A connection that has sent this; with `read` the first bytes of the answer are awaited."""
        self.opened += 1
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.write(head.encode() if isinstance(head, str) else head)
        start = b""
        if read:
            start = await asyncio.wait_for(reader.read(read), 10)
            self.told.add(start[:12])
        return reader, writer, start

    async def drop(self, head="", read=0):
        """Opens, sends, perhaps reads, and is gone."""
        _, writer, _ = await self.open(head, read)
        await asyncio.sleep(0)  # it is sent
        writer.transport.abort()

    async def answered(self, head):
        """Takes the whole answer."""
        reader, writer, _ = await self.open(head, 12)
        try:
            await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.transport.abort()

    async def displaced(self):
        """Pages that stay until they have to go, because newer ones come."""
        pages = [await self.open(PAGE, 12) for _ in range(10)]
        reader, writer, start = pages[0]
        if start not in BUSY:
            text = b""
            while b"\x88\x02\x0f\xa1" not in text:  # 4001
                piece = await asyncio.wait_for(reader.read(1000), 1)
                if not piece:
                    break  # another one's drop was in between
                text += piece
                writer.write(b"\x8a\x80mask")  # it takes everything
        for _, writer, _ in pages:
            writer.transport.abort()


def kinds(crowd):
    """Every kind of visit, without end."""
    body = "x" * 5000
    visits = (
        lambda: crowd.drop(),
        lambda: crowd.drop("GET / HTTP/1.1\r\nHost: loc"),
        lambda: crowd.drop(GET.format("/", "")),
        lambda: crowd.drop(GET.format("/api/variables", ""), 1),
        lambda: crowd.drop(GET.format("/", ""), 100),
        lambda: crowd.drop(PAGE),
        lambda: crowd.drop(PAGE, 12),
        lambda: crowd.drop(PAGE.encode() + b"\xff" * 50, 12),
        lambda: crowd.drop(PAGE.encode() + b"\x81\x85mask\x16\x04\x1f\x0f\x00", 12),
        lambda: crowd.drop(PUT.format("/api/variables/level", 100) + "[" * 50),
        lambda: crowd.answered(GET.format("/nowhere", "")),
        lambda: crowd.answered(GET.format("/ws", "")),
        lambda: crowd.answered(GET.format("/", "").replace("localhost", "evil")),
        lambda: crowd.answered(PUT.format("/api/variables/level", 5000) + body),
        lambda: crowd.answered(PUT.format("/api/variables/level", 5) + body[:5]),
        lambda: crowd.answered(PUT.format("/api/variables/level", "no number")),
        lambda: crowd.answered("no HTTP\r\n\r\n"),
        lambda: crowd.drop("GET /" + body),
        lambda: crowd.displaced(),
    )
    return itertools.cycle(visits)


async def visit(port, count):
    """Has so many connections come and go, a few at a time."""
    crowd = Crowd(port)
    visits = kinds(crowd)

    async def some():
        while crowd.opened < count:
            try:
                await next(visits)()
            except OSError:
                crowd.told.add(b"reset")

    await asyncio.gather(*[some() for _ in range(4)])
    return crowd


def test_large_image_arrives_whole_at_a_slow_reader(tmp_path):
    (tmp_path / "secrets.py").write_text(SECRETS)
    image = bytes(range(256)) * 4096 * 20  # 20 MB
    (tmp_path / "flash/files").mkdir(parents=True)
    (tmp_path / "flash/files/large.png").write_bytes(image)
    with Board(SCRIPT, tmp_path / "secrets.py", network="host", flash=tmp_path / "flash") as board:
        board.wait_for("Dashboard: ")
        came = bytearray()
        with socket.create_connection(("127.0.0.1", board.http_port), timeout=10) as reader:
            reader.sendall(GET.format("/files/large.png", "").encode())
            while piece := reader.recv(65536):
                came += piece
                time.sleep(0.03)
    assert came.partition(b"\r\n\r\n")[2] == image


def test_ten_thousand_connections_leave_the_heap_where_it_was(tmp_path):
    (tmp_path / "secrets.py").write_text(SECRETS)
    with Board(SCRIPT, tmp_path / "secrets.py", network="host") as board:
        board.wait_for("Dashboard: ")
        warm_up(board)
        asyncio.run(visit(board.http_port, 300))
        before = most_free(board, seconds=3)
        crowd = asyncio.run(visit(board.http_port, COUNT))
        after = most_free(board, before - LOST)
        print(f"{crowd.opened} connections; {before} B free before, {after} B after; {crowd.told}")
        assert after > before - LOST
        assert {b"HTTP/1.1 %d" % code for code in (101, 200, 400, 404, 413, 421)} <= crowd.told
        assert "Traceback" not in board.output and "MemoryError" not in board.output
        assert len(board.output.splitlines()) < 50, board.output
