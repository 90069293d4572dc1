"""What a board does that has nothing to do, and what little takes: wake-ups and bytes, no times."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools.bench import idle
from tools.local import Board, Cloud

SCRIPT = Path(__file__).with_name("at_rest.py")
REST = 20  # seconds
CHANGES = 10
WAITS = 60  # a minute: 30 times it looks at its Wi-Fi, and 12 times it pings the cloud and hears the answer
IDLE = 48 * 1024  # bytes of a 64-bit heap in a minute
CHANGE = 18 * 1024  # from a page to the cloud, acknowledged to both
READING = 12 * 1024  # to the cloud and a page


class Probed:
    """A board with a heap that need not be collected. reads: whether it has readings, each second."""

    def __init__(self, folder, reads=False):
        self.cloud = Cloud(folder)
        secrets = folder / "secrets.py"
        secrets.write_text(f"{secrets.read_text()}\nREADS = {reads}\n")
        self.board = Board(SCRIPT, secrets, heap="32M", network="host")
        self._probes = 0

    def __enter__(self):
        self.board.wait_for("Cloud: connected")
        time.sleep(idle.SETTLES)
        for _ in range(3):  # what is loaded by the first
            self.probe()
        self.own = 0
        self.own = self.took(lambda: None)
        return self

    def __exit__(self, *error):
        self.board.__exit__(*error)
        self.cloud.__exit__(*error)

    def probe(self):
        """Bytes allocated so far."""
        assert self.board.page.put("probe", self._probes)[0] == 200
        line = self.board.wait_for(f"probe {self._probes}:")
        self._probes += 1
        return int(line.split()[2])

    def took(self, action):
        """Bytes allocated, but for the probe's own."""
        before = self.probe()
        action()
        return self.probe() - before - self.own


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """{what: number} of three boards, side by side."""

    def rest():
        with Cloud(tmp_path_factory.mktemp("idle"), idle.THING) as cloud:
            with idle.board(cloud, REST) as board:
                waits, _, allocated = idle.report(board)
        return {"waits": waits * 60 / REST, "idle": allocated * 60 / REST}

    def change():
        folder = tmp_path_factory.mktemp("change")
        with Probed(folder) as probed, probed.board.page.follow() as page:
            page.wait_until(lambda: "lamp" in page.variables, "lamp")

            def write():
                for number in range(1, CHANGES + 1):
                    assert "error" not in page.write("lamp", number)
                    probed.cloud.page.wait_for("lamp", number)

            return {"change": probed.took(write) / CHANGES}

    def reading():
        with Probed(tmp_path_factory.mktemp("reading"), True) as probed, probed.board.page.follow() as page:
            page.wait_until(lambda: "heat" in page.variables, "heat")
            return {"reading": probed.took(lambda: time.sleep(REST)) / REST}

    found = {}
    with ThreadPoolExecutor(3) as at_once:
        for one in [at_once.submit(measure) for measure in (rest, change, reading)]:
            found.update(one.result())
    print(found)
    return found


def test_idle_board_seldom_wakes(measured):
    assert measured["waits"] <= WAITS


def test_idle_minute_allocates_little(measured):
    assert measured["idle"] <= IDLE


def test_change_on_its_way_from_page_to_cloud_allocates_little(measured):
    assert measured["change"] <= CHANGE


def test_reading_each_second_to_cloud_and_page_allocates_little(measured):
    assert measured["reading"] <= READING
