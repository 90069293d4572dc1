"""From the cloud to the board's callback and back to the cloud."""

import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from tools.local import Board, Cloud

from .report import Row
from .running import CLIENT, Official

THING = [{"name": "ask", "type": "int", "value": 0}, {"name": "answer", "type": "int", "value": 0}]
BETWEEN = 0.6, 1.6  # seconds: a change on its own, at any moment of who polls every second


def trips(cloud, count):
    """The median of some trips, in ms, as a page of the cloud sees them."""
    moments = random.Random(1)
    times = []
    with cloud.page.follow() as page:
        page.wait_until(lambda: page.status["board"] == "connected", "board", 15)
        for number in range(1, count + 2):
            time.sleep(moments.uniform(*BETWEEN))
            began = time.perf_counter()
            page.write("ask", number)
            page.wait_for("answer", number)
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[1:])  # the first comes while the device is still being set up


def measure(folder, options):
    official_folder, our_folder = folder / "official", folder / "ours"
    with (
        Cloud(official_folder, THING) as official_cloud,
        Cloud(our_folder, THING) as our_cloud,
        Official(CLIENT, official_folder),
        Board(CLIENT, our_folder / "secrets.py"),
        ThreadPoolExecutor(2) as side_by_side,
    ):
        official = side_by_side.submit(trips, official_cloud, 9)
        ours = side_by_side.submit(trips, our_cloud, 15)
        return [Row("cloud -> on_write -> cloud", ours.result(), "ms", 20, official.result())]
