"""A board at rest, connected: how often it wakes, what that takes, beside the official client."""

from tools.local import Board, Cloud

from .report import Row
from .running import SCRIPTS, Official

SCRIPT = SCRIPTS / "idle.py"
THING = [{"name": "ask", "type": "int", "value": 0}, {"name": "answer", "type": "int", "value": 0}]
SECONDS = 30
SETTLES = 13  # seconds: a board asks once more, ten seconds after it connected
WAKES = 60  # a minute


def prepare(cloud, seconds):
    """Tells a client of this cloud for how long to watch."""
    secrets = cloud.folder / "secrets.py"
    secrets.write_text(f"{secrets.read_text()}\nIDLE_SECONDS = {seconds}\nSETTLES = {SETTLES}\n")
    return secrets


def board(cloud, seconds):
    return Board(SCRIPT, prepare(cloud, seconds), heap="8M", network="host")


def report(device):
    """(wake-ups, microseconds of processor, bytes allocated) of a device."""
    words = device.wait_for("idle:", 120).split()
    return int(words[1]), int(words[3]), int(words[7])


def measure(folder, options):
    with (
        Cloud(folder / "official", THING) as official_cloud,
        Cloud(folder / "ours", THING) as our_cloud,
        board(our_cloud, SECONDS) as our_board,
    ):
        prepare(official_cloud, SECONDS)
        with Official(SCRIPT, folder / "official") as official:
            theirs, ours = report(official), report(our_board)
    waking, busy, allocated = (number * 60 / SECONDS for number in ours)
    return [
        Row("an idle minute, connected: wake-ups", waking, "", WAKES, theirs[0] * 60 / SECONDS),
        Row("    time of the processor", busy / 1000, "ms", best=theirs[1] * 60 / SECONDS / 1000),
        Row("    heap allocated", allocated, "B"),
    ]
