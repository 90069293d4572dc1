"""The board's page and the cloud's page in a real browser, side by side."""

import json
import re
import time

import pytest
from cable import Cable
from playwright.sync_api import expect

from tools import ROOT
from tools.local import Board, Cloud

THING = [
    {"name": "ledSwitch", "type": "bool", "permission": "READ_WRITE", "value": False},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {
        "name": "light",
        "type": "ColoredLight",
        "permission": "READ_WRITE",
        "value": {"swi": False, "hue": 120, "sat": 100, "bri": 100},
    },
]
RETURN = 15_000  # ms: longer than the longest wait between two attempts of the board


class Lamp:
    """The board with device/main.py, the cloud, the cable between them, and how to open their pages."""

    def __init__(self, chromium, folder):
        self._chromium = chromium
        self.folder = folder
        self.pins_file = folder / "pins.json"
        self.cloud = Cloud(folder / "cloud", THING)
        self.cable = Cable(self.cloud.mqtt_port)
        secrets = folder / "cloud" / "board.py"
        text = (folder / "cloud" / "secrets.py").read_text()
        secrets.write_text(re.sub(r"CLOUD_PORT = \d+", f"CLOUD_PORT = {self.cable.port}", text))
        self.board = Board(ROOT / "device" / "main.py", secrets, pins=self.pins_file)
        self.board.wait_for("Cloud: connected")

    def open(self, side, **options):
        page = self._chromium.new_page(**options)
        page.set_default_timeout(30_000)
        page.goto(side.page.url)
        expect(page.get_by_role("group")).to_have_count(3)
        return page

    def stop_cloud(self):
        self.cloud.stop()

    def start_cloud(self):
        http, mqtt = self.cloud.http_port, self.cloud.mqtt_port
        self.cloud = Cloud(self.folder / "cloud", THING, http, mqtt)

    def wait_for_pin(self, name, **state):
        deadline = time.monotonic() + 30
        while (pin := json.loads(self.pins_file.read_text())[name]) != {**pin, **state}:
            assert time.monotonic() < deadline, f"{name} is {pin}, not {state}"
            time.sleep(0.01)

    def close(self):
        self.board.stop()
        self.cable.pull()
        self.cloud.stop()


@pytest.fixture
def lamp(chromium, tmp_path):
    lamp = Lamp(chromium, tmp_path)
    yield lamp
    for context in chromium.contexts:
        context.close()
    lamp.close()


def switch(page, group="ledSwitch"):
    return page.get_by_role("group", name=group, exact=True).get_by_role("switch")


def slider(page, name):
    return page.get_by_role("group", name="light").get_by_role("slider", name=name, exact=True)


def led(page, state):
    return page.get_by_role("img", name=f"led: {state}", exact=True)


def drag(page, name, part):
    """Drags a slider from where it stands to `part` (0-1) of its track."""
    box = slider(page, name).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["height"] / 2 + (box["width"] - box["height"]) * part, middle, steps=8)
    page.mouse.up()


def test_each_control_moves_the_other_page_and_the_pins(lamp):
    board, cloud = lamp.open(lamp.board), lamp.open(lamp.cloud)
    lit = 0  # the level at which the on-board LEDs light: they are active low
    for here, there, state in (board, cloud, "true"), (cloud, board, "false"):
        switch(here).click()
        for page in (here, there):
            expect(switch(page)).to_have_attribute("aria-checked", state)
            expect(led(page, "on" if state == "true" else "off")).to_be_visible()
        lamp.wait_for_pin("LED_BUILTIN", value=lit if state == "true" else 1 - lit)

        switch(here, "light").click()
        expect(switch(there, "light")).to_have_attribute("aria-checked", state)
        lamp.wait_for_pin("LEDG", duty_u16=0 if state == "true" else 65535)

    switch(board, "light").click()
    expect(switch(cloud, "light")).to_have_attribute("aria-checked", "true")
    for here, there, hue, dark in (cloud, board, "0", "LEDG"), (board, cloud, "360", "LEDB"):
        drag(here, "hue", int(hue) / 360)
        expect(slider(here, "hue")).to_have_attribute("aria-valuenow", hue)
        expect(slider(there, "hue")).to_have_attribute("aria-valuenow", hue)
        lamp.wait_for_pin("LEDR", duty_u16=0)
        lamp.wait_for_pin(dark, duty_u16=65535)
        for name in "saturation", "brightness":
            slider(here, name).press("Home")
            expect(slider(there, name)).to_have_attribute("aria-valuenow", "0")
            slider(here, name).press("End")
            expect(slider(there, name)).to_have_attribute("aria-valuenow", "100")


def test_two_board_pages_agree(lamp):
    one, two = lamp.open(lamp.board), lamp.open(lamp.board)
    switch(one).click()
    expect(switch(two)).to_have_attribute("aria-checked", "true")
    drag(two, "hue", 0.5)
    expect(slider(one, "hue")).to_have_attribute("aria-valuenow", "180")


def test_without_the_cloud_the_page_works_and_says_so_and_both_agree_afterwards(lamp):
    board = lamp.open(lamp.board)
    lamp.stop_cloud()
    expect(board.get_by_text("Cloud offline").first).to_be_visible(timeout=RETURN)
    switch(board).click()
    expect(led(board, "on")).to_be_visible()
    lamp.wait_for_pin("LED_BUILTIN", value=0)
    lamp.start_cloud()
    expect(board.get_by_text("Cloud connected")).to_be_visible(timeout=RETURN)
    cloud = lamp.open(lamp.cloud)
    expect(switch(cloud)).to_have_attribute("aria-checked", "true")
    expect(led(cloud, "on")).to_be_visible()


def test_what_was_changed_on_both_sides_of_a_pulled_cable_is_the_same_afterwards(lamp):
    board, cloud = lamp.open(lamp.board), lamp.open(lamp.cloud)
    lamp.cable.pull()
    expect(board.get_by_text("Cloud offline").first).to_be_visible(timeout=RETURN)
    expect(cloud.get_by_text("Board offline")).to_be_visible(timeout=RETURN)
    switch(board).click()
    expect(led(board, "on")).to_be_visible()
    drag(cloud, "hue", 0)
    lamp.cable.plug()
    expect(board.get_by_text("Cloud connected")).to_be_visible(timeout=RETURN)
    for page in board, cloud:
        expect(switch(page)).to_have_attribute("aria-checked", "true")
        expect(led(page, "on")).to_be_visible()
        expect(slider(page, "hue")).to_have_attribute("aria-valuenow", "0")


def test_a_board_that_is_gone_is_said_to_be_gone_and_shows_the_truth_when_back(lamp):
    page = lamp.open(lamp.board)
    lamp.board.stop()
    expect(page.get_by_role("status")).to_contain_text("Board unreachable")
    expect(switch(page)).to_have_attribute("aria-disabled", "true")
    lamp.cloud.page.put("ledSwitch", True)
    lamp.board = Board(
        ROOT / "device" / "main.py", lamp.folder / "cloud" / "board.py", lamp.board.http_port, lamp.pins_file
    )
    expect(switch(page)).to_have_attribute("aria-checked", "true", timeout=RETURN)
    expect(switch(page)).not_to_have_attribute("aria-disabled", "true")


def test_the_browser_asks_for_the_page_and_the_websocket_only(lamp):
    asked = []
    page = lamp.open(lamp.board)
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.reload()
    expect(page.get_by_role("group")).to_have_count(3)
    page_url = lamp.board.page.url + "/"
    assert asked == [page_url, page_url.replace("http", "ws") + "ws"]
