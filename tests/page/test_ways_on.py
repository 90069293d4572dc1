"""What leads on from the page beside a board that says what the test wants: Settings, and the live log."""

import pytest
from playwright.sync_api import expect
from told_board import Board
from widget_board import WidgetBoard, card


@pytest.fixture
def context(chromium):
    with chromium.new_context(viewport={"width": 390, "height": 700}) as context:
        context.set_default_timeout(30_000)
        yield context


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ({}, False),
        ({"user": "owner"}, True),
        ({"user": "guest"}, False),
        ({"setup": True}, True),
        ({"setup": True, "user": "guest"}, False),
    ],
)
def test_settings_are_one_link_away_for_who_may_change_them(context, status, shown):
    link = Board(context, **status).page.get_by_role("link", name="Settings")
    expect(link).to_be_visible(visible=shown)
    if shown:
        assert link.get_attribute("href") == "/setup"


def test_page_of_the_cloud_has_neither_settings_nor_log(context):
    page = Board(context, board="connected").page
    expect(page.get_by_role("button", name="Edit")).to_be_visible()
    for name in "Log", "Settings":
        expect(page.get_by_text(name, exact=True)).to_be_hidden()


def test_log_is_shown_as_it_comes_until_its_button_closes_it(context):
    board = Board(context)
    page = board.page
    button, log = page.get_by_role("button", name="Log"), page.get_by_role("log")
    button.click()
    expect(log).to_have_text("INFO Dashboard: http://192.168.1.9/")
    expect(button).to_have_attribute("aria-pressed", "true")
    board.send({"log": "ERROR <b>half"})
    board.send({"variables": [], "log": " a line</b>\n"})
    expect(log).to_have_text("INFO Dashboard: http://192.168.1.9/\nERROR <b>half a line</b>")
    button.click()
    expect(log).to_have_count(0)
    expect(button).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Log").click()  # once more
    expect(log).to_have_text("INFO Dashboard: http://192.168.1.9/")
    assert board.said == [{"log": True}, {"log": False}, {"log": True}]


def test_log_follows_its_end_unless_somebody_reads_further_up(context):
    board = Board(context)
    board.page.get_by_role("button", name="Log").click()
    log = board.page.get_by_role("log")
    expect(log).to_contain_text("Dashboard")
    at_end = "it => it.scrollTop + it.clientHeight > it.scrollHeight - 2"
    for number in range(300):
        board.send({"log": f"INFO {number}\n"})
    expect(log).to_contain_text("INFO 299")
    assert log.evaluate(at_end)
    expect(log).not_to_contain_text("INFO 99\n")  # it keeps the last pieces only
    log.evaluate("it => (it.scrollTop = 0)")
    board.send({"log": "INFO last\n"})
    expect(log).to_contain_text("INFO last")
    assert not log.evaluate(at_end)


def test_log_is_asked_for_again_after_a_reconnection(context):
    board = Board(context)
    board.page.get_by_role("button", name="Log").click()
    log = board.page.get_by_role("log")
    expect(log).to_contain_text("Dashboard")
    board.send({"log": "INFO before\n"})
    expect(log).to_contain_text("before")
    board.leave()
    expect(log).not_to_contain_text("before")
    expect(log).to_have_text("INFO Dashboard: http://192.168.1.9/")
    assert board.said == [{"log": True}, {"log": True}]


def test_log_makes_room_for_the_editor(context):
    board = Board(context)
    board.page.get_by_role("button", name="Log").click()
    expect(board.page.get_by_role("log")).to_be_visible()
    board.page.get_by_role("button", name="Edit").click()
    expect(board.page.get_by_role("button", name="Add widget")).to_be_visible()
    expect(board.page.get_by_role("log")).to_have_count(0)
    board.leave()
    expect(board.page.get_by_text("Board unreachable", exact=True)).to_be_visible()
    expect(board.page.get_by_text("Board connected")).to_be_visible()
    assert board.said == [{"log": True}, {"log": False}]


def test_log_of_a_running_board_is_shown(chromium, tmp_path):
    board = WidgetBoard(chromium, tmp_path)
    with board.page() as page:
        log = page.get_by_role("complementary", name="Log")
        page.get_by_role("button", name="Log").click()
        expect(log).to_contain_text("INFO Dashboard: http://127.0.0.1")
        expect(log).to_contain_text("refuses connections")
        page.get_by_role("button", name="Log").click()
        expect(log).to_have_count(0)
        card(page, "flag").get_by_role("switch").click()
        board.api.wait_for("flagSeen", True)
    board.stop()
