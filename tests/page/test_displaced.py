"""More pages than there are places: the newest wins; the oldest says so, and waits to be asked back."""

import pytest
from playwright.sync_api import expect

from tools import ROOT
from tools.demo import THING
from tools.local import Board, Cloud

PLACES = 3  # on lwIP as MicroPython has it


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cloud")
    with Cloud(folder, THING), Board(ROOT / "device/main.py", folder / "secrets.py", network="lwip") as board:
        board.wait_for("Cloud: connected")
        yield board


def opened(chromium, board):
    page = chromium.new_page()
    page.goto(board.page.url)
    expect(page.get_by_text("Board connected")).to_be_visible(timeout=10000)
    return page


def test_oldest_page_says_that_it_is_open_elsewhere_and_comes_back_when_asked(chromium, board):
    pages = [opened(chromium, board) for _ in range(PLACES)]
    newest = opened(chromium, board)
    expect(pages[0].get_by_text("Open elsewhere.")).to_be_visible()
    expect(pages[0].locator("header")).not_to_contain_text("unreachable")
    pages[0].wait_for_timeout(3000)  # by itself it would be back after one second
    for page in *pages[1:], newest:
        expect(page.get_by_text("Board connected")).to_be_visible()
        expect(page.get_by_role("button", name="Return here")).to_be_hidden()
    pages[0].get_by_role("button", name="Return here").click()
    expect(pages[0].get_by_text("Board connected")).to_be_visible()
    expect(pages[0].get_by_text("Open elsewhere.")).to_be_hidden()
    expect(pages[1].get_by_text("Open elsewhere.")).to_be_visible()
    newest.get_by_role("switch", name="ledSwitch").click()
    value = board.page.value("ledSwitch")
    expect(pages[0].get_by_role("switch", name="ledSwitch")).to_be_checked(checked=value)
    for page in *pages, newest:
        page.close()
