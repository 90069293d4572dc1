"""From a bare board to its page in a real browser, as `make demo FRESH=1` shows it: nothing but a phone."""

import json
import re
import sys

import pytest
from engines import expect

from tools.page_client import Page
from tools.processes import Process, free_port

HOME = {"home": {"password": "correct horse", "rssi": -50}}
BOTH = {**HOME, "workshop": {"password": "battery staple", "rssi": -60}}


class FreshDemo(Process):
    """The demo of a board without settings; `board` and `cloud` are its pages."""

    def __init__(self, folder, *options):
        self.board, self.cloud = Page(free_port()), Page(free_port())
        self._air = folder / "air.json"
        self.air(BOTH)
        ports = "--board-port", self.board.port, "--cloud-port", self.cloud.port
        command = sys.executable, "-m", "tools.demo", "--fresh", *ports, *options
        super().__init__(*command, env={"SIDEBOARD_WIFI_FILE": str(self._air)})
        self.wait_for("Secret Key:", 40)

    def air(self, networks):
        """Has only these in reach."""
        draft = self._air.with_suffix(".new")
        draft.write_text(json.dumps({"networks": networks}))
        draft.replace(self._air)

    def told(self, name):
        """What the demo says is to be typed."""
        return re.search(rf"{name}: +(\S+)\n", self.output)[1]


def test_board_is_set_up_by_a_phone_alone_and_switched_from_the_cloud(browser, tmp_path):
    set_up_and_switch(browser, tmp_path)


@pytest.mark.engines("chromium")  # the page is the same
def test_board_of_a_firmware_is_set_up_the_same_way(browser, tmp_path):
    set_up_and_switch(browser, tmp_path, "--frozen")


def set_up_and_switch(browser, folder, *options):
    with FreshDemo(folder, *options) as demo, browser.new_context() as context:
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(demo.board.url + "/setup")

        def attempt(network, password, key, outcome):
            """Picks a network, types, and waits for what comes of it."""
            page.get_by_role("button", name=network).click()
            page.get_by_label("Its password").fill(password)
            page.get_by_label("Device ID").fill(demo.told("Device ID"))
            page.get_by_label("Secret Key").fill(key)
            page.get_by_role("button", name="Save and connect").click()
            said = page.get_by_role("alert").or_(page.get_by_role("status"))
            expect(said.filter(has_text=outcome)).to_be_visible(timeout=20_000)

        expect(page.locator("#networks bdi")).to_have_text(["home", "workshop"])
        key = demo.told("Secret Key")
        demo.air(HOME)
        attempt("workshop", "battery staple", key, "workshop is not in reach")
        attempt("home", "wrong horse", key, "home refuses the password")
        expect(page.get_by_label("Its password")).to_be_focused()
        attempt("home", "correct horse", key[::-1], "refused")
        expect(page.get_by_label("Secret Key")).to_be_focused()
        attempt("home", "correct horse", key, "Done.")
        link = page.get_by_role("link").first
        expect(link).to_have_text(demo.board.url + "/")
        assert key not in page.content()
        demo.wait_for("Ctrl-C ends both", 20)
        link.click()
        expect(page.get_by_text("Cloud connected")).to_be_visible()
        expect(page.get_by_role("img", name="led: on")).to_be_visible()
        demo.cloud.put("ledSwitch", False)
        expect(page.get_by_role("img", name="led: off")).to_be_visible()
        assert "Traceback" not in demo.output
