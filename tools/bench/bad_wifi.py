"""A drag on a page over a bad Wi-Fi, which the board's link to the cloud goes over, too."""

import contextlib
import time

from playwright.sync_api import sync_playwright

from tools.local import Board, Cloud
from tools.page_client import Page

from .air import Air
from .report import Median, Row
from .running import CHROMIUM, DRAG

THING = [{"name": "level", "type": "int", "value": 0}]
DRAGS = 12
STEPS = 30  # of a drag, a frame apart
PATIENCE = 30  # seconds
# Drags the slider, a frame a step; tells how often the page itself did not show at once where the finger is.
DRAG_TO = """async ([from, to, steps]) => {
  const track = document.querySelector("[type=range]");
  let behind = 0;
  for (let step = 1; step <= steps; step++) {
    track.value = Math.round(from + (to - from) * step / steps);
    track.dispatchEvent(new Event("input"));
    if (track.ariaValueNow !== track.value) behind++;
    await new Promise(requestAnimationFrame);
  }
  return behind;
}"""


@contextlib.contextmanager
def parties(folder):
    """(page in Chromium, a second page of the board, the cloud's), all of them but the last over bad air."""
    with Cloud(folder, THING) as cloud, Air(cloud.mqtt_port) as to_cloud:
        secrets = folder / "secrets.py"
        secrets.write_text(f"{secrets.read_text()}\nCLOUD_PORT = {to_cloud.port}\n")
        with Board(DRAG, secrets) as board, Air(board.http_port, 2) as to_board:
            board.wait_for("Cloud: connected")
            with sync_playwright() as playwright, cloud.page.follow() as in_cloud:
                chromium = playwright.chromium.launch(**CHROMIUM)
                page = chromium.new_page()
                page.goto(f"http://127.0.0.1:{to_board.port}/")
                page.get_by_text("Cloud connected").wait_for()
                with Page(to_board.port).follow() as second_page:
                    yield page, second_page, in_cloud
                chromium.close()


def drags(folder):
    """Of each drag, seconds from its end until the second page, and the cloud's, showed its last value.

    And in how many frames the page itself was behind the finger.
    """
    on_page, in_cloud, behind = [], [], 0
    with parties(folder) as (page, second, cloud):
        now = 0
        for number in range(DRAGS):
            value = 100 - number if number % 2 == 0 else number
            behind += page.evaluate(DRAG_TO, [now, value, STEPS])
            began, now = time.monotonic(), value
            second.wait_for("level", value, PATIENCE)
            on_page.append(time.monotonic() - began)
            cloud.wait_for("level", value, PATIENCE)
            in_cloud.append(time.monotonic() - began)
        assert page.get_by_text("Board connected").is_visible()
    return on_page, in_cloud, behind


def measure(folder, options):
    on_page, in_cloud, behind = drags(folder)
    note = "delay 100 ms each way, ± 50 ms, 5 % lost; from the end of a drag of half a second"
    return [
        Row("bad Wi-Fi: frames of a drag in which the page itself is behind", behind, "", 0, note=note),
        Row("    its last value on a second page", Median(on_page), "s", 1.5, note=note),
        Row("    its last value in the cloud", Median(in_cloud), "s", 2.5, note=note),
    ]
