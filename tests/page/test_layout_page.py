"""A template of every widget on the board: at its places, its pages as tabs, and new layouts at once."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect
from widget_board import WidgetBoard, card, widget

from tools import ROOT

TEMPLATE = ROOT / "tests" / "shared" / "greenhouse.yaml"
SCRIPT = """
import logging

from sideboard import ArduinoCloudClient, Color, ColoredLight, DimmedLight, Location, Schedule, Television

logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
for name, value in (
    ("pump", False), ("bell", False), ("door", True), ("alarm", True), ("fan", 40), ("beds", 3), ("co2", 600),
    ("sunrise", 1700000000), ("temperature", 20.5), ("humidity", 60), ("mode", 1), ("crop", "basil"),
    ("log", "hello"),
):
    client.register(name, value=value, on_write=lambda client, value: None)
client.register(Color("strip", hue=1, sat=2, bri=3))
client.register(DimmedLight("lamp", swi=True, bri=3))
client.register(ColoredLight("light", swi=True, hue=1, sat=2, bri=3))
client.register(Schedule("watering", frm=0, to=0, len=0, msk=0))
client.register(Location("site", lat=1, lon=2))
client.register(Location("cart", lat=1, lon=2))
client.register(Television("tv", swi=True, vol=1, mut=False, pbc=0, inp=0, cha=1))
client.start()
"""
MARGIN = 4  # px around each card
SCREENS = {"desktop": ("", 1280, 24), "phone": ("_mobile", 375, 4)}


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    """The template as dashboard.json."""
    target = tmp_path_factory.mktemp("layout") / "dashboard.json"
    command = [sys.executable, "-m", "tools.template", TEMPLATE, "-o", target]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return json.loads(target.read_text())


@pytest.fixture(scope="module")
def board(chromium, tmp_path_factory):
    board = WidgetBoard(chromium, tmp_path_factory.mktemp("board"), SCRIPT)
    yield board
    board.stop()


@pytest.fixture
def saved(board, layout):
    board.save(**layout)
    return layout


def boxes(page):
    """The place of the grid, and those of the cards in it, in their order."""
    place = (
        "it => { const { x, y, width, height } = it.getBoundingClientRect(); return [x, y, width, height] }"
    )
    grid = page.locator(".grid").evaluate(place)
    return grid, page.locator("section").evaluate_all(f"cards => cards.map({place})")


def overlap(one, two):
    """Whether two places have more in common than a rounded pixel."""
    return all(min(one[i] + one[i + 2], two[i] + two[i + 2]) - max(one[i], two[i]) > 1 for i in (0, 1))


@pytest.mark.parametrize("screen", SCREENS)
def test_each_widget_is_at_its_place(board, saved, screen):
    suffix, width, columns = SCREENS[screen]
    placed = 0
    with board.page(viewport={"width": width, "height": 800}) as page:
        for tab in saved["pages"]:
            page.get_by_role("tab", name=tab["name"], exact=True).click()
            widgets = [one for one in saved["widgets"] if one["page_id"] == tab["id"]]
            expect(page.locator("section")).to_have_count(len(widgets))
            keys = [key + suffix for key in ("x", "y", "width", "height")]
            wanted = [[one.get(key) for key in keys] for one in widgets]
            count = max([columns, *(x + span for x, _, span, _ in wanted if x is not None)])
            (left, top, whole, _), found = boxes(page)
            cell = whole / count
            row = max(32, cell)
            for (x, y, span, high), box in zip(wanted, found):
                if x is not None:
                    placed += 1
                    assert box == pytest.approx(
                        [
                            left + x * cell + MARGIN,
                            top + y * row + MARGIN,
                            span * cell - 2 * MARGIN,
                            high * row - 2 * MARGIN,
                        ],
                        abs=1,
                    )
            assert not [one for i, one in enumerate(found) for two in found[:i] if overlap(one, two)]
    assert placed == (26 if screen == "desktop" else 10)


def test_every_type_of_the_template_is_shown(board, saved):
    shown = set()
    with board.page() as page:
        for tab in saved["pages"]:
            page.get_by_role("tab", name=tab["name"], exact=True).click()
            here = sum(one["page_id"] == tab["id"] for one in saved["widgets"])
            expect(page.locator("section > div")).to_have_count(here)
            shown.update(
                page.locator("section > div").evaluate_all("bodies => bodies.map(it => it.className)")
            )
            expect(page.locator(".note:visible")).to_have_count(0)
    assert shown == {one["type"] for one in saved["widgets"]}
    assert len(shown) == 26


def test_tabs_are_used_by_keyboard_and_the_address_keeps_them(board, saved):
    with board.page() as page:
        tabs = page.get_by_role("tab")
        expect(tabs).to_have_text(["Greenhouse – every widget", "Climate", "Outside"])
        expect(tabs.first).to_have_attribute("aria-selected", "true")
        tabs.first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(tabs.last).to_be_focused()
        expect(tabs.last).to_have_attribute("aria-selected", "true")
        expect(card(page, "Site")).to_be_visible()
        page.keyboard.press("ArrowLeft")
        expect(card(page, "Humidity")).to_be_visible()
        expect(card(page, "Site")).to_have_count(0)
        assert page.url.endswith("#" + saved["pages"][1]["id"])
        page.reload()
        expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
        expect(card(page, "Humidity")).to_be_visible()
        page.go_back()
        expect(card(page, "Site")).to_be_visible()


def test_name_of_the_dashboard_is_the_title(board, saved):
    with board.page() as page:
        expect(page).to_have_title("Greenhouse – every widget")
        expect(page.get_by_role("heading", level=1)).to_have_text("Greenhouse – every widget")


def test_saved_layout_reaches_all_open_pages(board, saved):
    with board.page() as one, board.page() as two:
        board.save([widget("LED", "pump", title="A lamp")])
        for page in one, two:
            expect(page.locator("section")).to_have_count(1)
            expect(card(page, "A lamp").get_by_role("img")).to_be_visible()
            expect(page.get_by_role("tab")).to_have_count(0)
        board.forget_layout()
        for page in one, two:
            expect(card(page, "pump").get_by_role("switch")).to_be_enabled()
            expect(page.locator("section")).to_have_count(20)


def test_places_and_sizes_may_be_missing(board):
    board.save(
        [widget("Switch", "pump"), widget("ColoredLight", "light"), {"type": "Gauge", "x": 3, "y": 12}]
    )
    with board.page(viewport={"width": 1280, "height": 800}) as page:
        expect(page.locator("section")).to_have_count(3)
        _, found = boxes(page)
        assert all(width > 100 and height > 100 for _, _, width, height in found)
        assert not [one for i, one in enumerate(found) for two in found[:i] if overlap(one, two)]
