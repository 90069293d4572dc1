"""From the cloud to the board's callback and back to the cloud."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from tools.local import Board, Cloud

from . import bare
from .report import Median, Row
from .running import CLIENT, Official

THING = [{"name": name, "type": "int", "value": 0} for name in ("ask", "answer", "ans")]
BETWEEN = 0.6, 1.6  # seconds: a change on its own, at any moment of who polls every second
APART = 0.3  # seconds between a trip of ours and one of umqtt's: the cloud takes two messages a second
TRIPS = 40
TIMES_THE_ECHO = 2


class Trips:
    """Of one cloud and its device, as a page of the cloud sees them. answer: the variable that comes back."""

    def __init__(self, cloud, answer="answer"):
        self._answer = answer
        self._page = cloud.page.follow()
        self._number = 0
        self.took = []

    def __enter__(self):
        self._page.wait_until(lambda: self._page.status["board"] == "connected", "board", 15)
        return self

    def __exit__(self, *error):
        self._page.__exit__(*error)

    def take(self):
        """One trip, in ms; the first is for nothing: the device is still being set up."""
        self._number += 1
        began = time.perf_counter()
        self._page.write("ask", self._number)
        self._page.wait_for(self._answer, self._number)
        self.took.append((time.perf_counter() - began) * 1000)

    def median(self):
        return Median(self.took[1:])


def official(cloud, count):
    moments = random.Random(1)
    with Trips(cloud) as trips:
        for _ in range(count + 1):
            time.sleep(moments.uniform(*BETWEEN))
            trips.take()
    return trips.median()


def beside_echo(ours, echo):
    """Our trips and umqtt's, in turns: what disturbs one disturbs the other."""
    with Trips(ours) as trips, Trips(echo, "ans") as echoes:
        for _ in range(TRIPS + 1):
            time.sleep(APART)
            trips.take()
            time.sleep(APART)
            echoes.take()
    return trips.median(), echoes.median()


def measure(folder, options):
    folders = [folder / name for name in ("async", "sync", "ours", "echo")]
    with bare.one_processor(), Cloud(folders[2], THING) as our_cloud, Cloud(folders[3], THING) as echo_cloud:
        with Board(CLIENT, folders[2] / "secrets.py"), bare.board(folders[3], "umqtt_alone.py") as echo:
            echo.wait_for("Echoes")
            ours, echo = beside_echo(our_cloud, echo_cloud)
    with Cloud(folders[0], THING) as async_cloud, Cloud(folders[1], THING) as sync_cloud:
        with (folders[1] / "secrets.py").open("a") as secrets:
            secrets.write("SYNC = True\n")
        with (
            Official(CLIENT, folders[0]),
            Official(CLIENT, folders[1]),
            ThreadPoolExecutor(2) as side_by_side,
        ):
            others = list(side_by_side.map(official, (async_cloud, sync_cloud), (9, 9)))
    note = "compared with umqtt that sends each message back as it came, over the same local cloud"
    what = "cloud -> on_write -> cloud"
    return [
        Row(what, ours, "ms", TIMES_THE_ECHO * echo, echo, note),
        Row("    beside the official client, async", ours, "ms", 20, others[0]),
        Row("    beside the official client, sync", ours, "ms", 20, others[1]),
    ]
