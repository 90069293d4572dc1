"""A million messages through one board: `python -m tests.link.messages --count 1000000`.

Real MicroPython with 256k of heap behind mosquitto. The cloud's side sends values that differ, in QoS 1, as
fast as they are taken; the board's on_write answers each, which goes back at most twice a second.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "device"), str(ROOT / "tests" / "shared"), str(ROOT / "tests" / "link")]

from mosquitto import Mosquitto  # noqa: E402
from thing import Thing  # noqa: E402

from tools.cloud import pack  # noqa: E402
from tools.local import Board  # noqa: E402

_AHEAD = 2000  # messages that the board may not have taken yet; mosquitto drops what is beyond its queue
_WARM = 5000  # messages until the heap is measured first
_MOST_GROWTH = 0.01
_SCRIPT = """
import asyncio
import gc
import logging
from sideboard import ArduinoCloudClient, ColoredLight

logging.basicConfig(level=logging.INFO)
taken = 0

def on_write(client, value):
    global taken
    taken += 1
    client["taken"] = taken

async def measure(client, number):
    await asyncio.sleep(1)  # what this started is over
    gc.collect()
    print("heap %d: %d bytes" % (number, gc.mem_alloc()))

client = ArduinoCloudClient(ntp_server="127.0.0.1", ntp_timeout=0.1)
client.register("level", type=int, on_write=on_write)
client.register("switch", type=bool, on_write=on_write)
client.register("text", type=str, on_write=on_write)
client.register(ColoredLight("light", on_write=on_write))
client.register("taken", value=0)
client.register("measure", type=int, on_write=measure)
client.start(interval=0.1)
"""


def records(number):
    """The message of this number: another value than the one before, of four types."""
    value = number // 4
    name = ("level", "switch", "text", "light")[number % 4]
    if name == "light":
        parts = {"swi": value % 2 == 1, "hue": float(value % 360), "sat": 100.0, "bri": 50.0}
        return [("light:" + part, parts[part], None) for part in parts]
    return [(name, {"level": value, "switch": value % 2 == 1, "text": f"text {value}"}[name], None)]


class Flow:
    """Messages to a board, which tells how many it has taken."""

    def __init__(self, thing, board):
        self._thing, self._board = thing, board
        self.sent = self.taken = 0

    def send(self, count):
        for number in range(self.sent, self.sent + count):
            while number - self.taken >= _AHEAD:
                self._hear()
            self._thing.publish("/a/t/one/e/i", pack.encode(records(number)))
        self.sent += count
        while self.taken < self.sent:
            self._hear()

    def _hear(self):
        self.taken = self._thing.values("one").get("taken", self.taken)

    def heap(self, number):
        """The board's heap after collection, in bytes."""
        self._thing.change("one", measure=number)
        return int(self._board.wait_for(f"heap {number}: ").split()[-2])


def soak(count, folder):
    """Returns the heap, in bytes, after the first messages and at the end."""
    (folder / "main.py").write_text(_SCRIPT)
    with (
        Mosquitto(folder, queue=4 * _AHEAD) as mosquitto,
        Thing(mosquitto) as thing,
        Board(folder / "main.py", folder / "secrets.py", flash=folder / "flash") as board,
    ):
        thing.name("one")
        thing.tell_last_values("one")
        board.wait_for("Cloud: connected")
        flow = Flow(thing, board)
        flow.send(_WARM)
        first = flow.heap(1)
        start = time.monotonic()
        for step in range(10):
            flow.send(count * (step + 1) // 10 - count * step // 10)
            heap = flow.heap(step + 2)
            done = flow.sent - _WARM
            rate = done / (time.monotonic() - start)
            print(f"{done} messages, {rate:.0f} a second, heap {first} -> {heap} bytes", flush=True)
        assert "Traceback" not in board.output and "dropped" not in board.output, board.output
        return first, heap


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.link.messages", description=__doc__)
    parser.add_argument("--count", type=int, default=1000000)
    with tempfile.TemporaryDirectory(prefix="messages-") as folder:
        first, last = soak(parser.parse_args().count, Path(folder))
    if abs(last - first) > first * _MOST_GROWTH:
        sys.exit(f"The heap is not within {_MOST_GROWTH:.0%} of its start.")


if __name__ == "__main__":
    main()
