"""How long a click takes to reach the board's callback."""

import statistics
import time

from tools.local import Board, Cloud

SCRIPT = """
from sideboard import ArduinoCloudClient

client = ArduinoCloudClient()
client.register("speed", type=int, on_write=lambda client, value: print("callback", value))
client.start()
"""
LIMIT = 0.1  # seconds; who polls every second needs half a one


def test_click_in_the_cloud_or_on_the_page_reaches_the_callback_at_once(tmp_path):
    (tmp_path / "main.py").write_text(SCRIPT)
    with (
        Cloud(tmp_path, [{"name": "speed", "type": "int"}]) as cloud,
        Board(tmp_path / "main.py", tmp_path / "secrets.py") as board,
    ):
        cloud.page.wait_for_status("board", "connected")
        board.page.wait_for_status("cloud", "connected")
        for start, page in ((100, cloud.page), (200, board.page)):
            with page.follow() as clicked:
                assert statistics.median(trips(clicked, board, start)) < LIMIT


def trips(page, board, start):
    """Seconds from each click to its callback."""
    for value in range(start, start + 9):
        began = time.monotonic()
        page.write("speed", value)
        board.wait_for(f"callback {value}")
        yield time.monotonic() - began
