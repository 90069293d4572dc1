"""Connections that are open and carry nothing: a silent router, a server that hangs."""

import re
import time

import pytest
from cable import Cable
from clouds import CLOUDS

from tools.local import Board

KEEPALIVE = 1
THING = [{"name": name, "type": "int"} for name in ("here", "there")]
SCRIPT = f"""
import logging
from sideboard import ArduinoCloudClient

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
client = ArduinoCloudClient(keepalive={KEEPALIVE})
for name in ("here", "there"):
    client.register(name, type=int, on_write=lambda client, value: None)
client.start(interval=0.1, backoff=1)
"""


class Link:
    """A board at a cloud; `cable` is between them."""

    def __init__(self, cloud, cable, board):
        self.cloud = cloud
        self.cable = cable
        self.board = board


@pytest.fixture(scope="module", params=CLOUDS)
def link(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("link")
    (folder / "main.py").write_text(SCRIPT)
    with CLOUDS[request.param](folder / "cloud", THING) as cloud, Cable(cloud.mqtt_port) as cable:
        secrets = cloud.folder / "board.py"
        text = (cloud.folder / "secrets.py").read_text()
        secrets.write_text(re.sub(r"CLOUD_PORT = \d+", f"CLOUD_PORT = {cable.port}", text))
        with Board(folder / "main.py", secrets) as board:
            board.wait_for("Cloud: connected")
            yield Link(cloud, cable, board)
            assert "Traceback" not in board.output


@pytest.mark.parametrize("both_ways", [True, False], ids=["both ways", "no answers"])
def test_it_is_found_in_time_and_the_board_connects_again(link, both_ways):
    connected = link.board.output.count("Cloud: connected")
    with link.board.page.follow() as page:
        page.wait_until(lambda: page.status["cloud"] == "connected", "connection")
        link.cable.swallow(both_ways)
        began = time.monotonic()
        page.write("here", connected)
        page.wait_until(lambda: page.status["cloud"] == "offline", "offline", 1.5 * KEEPALIVE + 0.2)
        assert page.status["error"] == "127.0.0.1 does not answer"
        took = time.monotonic() - began
        link.cloud.page.put("there", connected)
        link.board.wait_for("Cloud: connected", count=connected + 1)
        page.wait_for("there", connected)
    assert took <= 1.5 * KEEPALIVE
    link.cloud.page.wait_for("here", connected)


def test_idle_connection_stays(link):
    """Pings alone keep it for longer than the cloud would bear silence."""
    connected = link.board.output.count("Cloud: connected")
    time.sleep(1.7 * KEEPALIVE)  # the rule itself is about time
    link.cloud.page.put("there", 100)
    link.board.page.wait_for("there", 100)
    assert link.board.output.count("Cloud: connected") == connected
