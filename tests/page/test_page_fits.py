"""Everything is on the screen: header, dates and keys of the greenhouse, and texts longer than expected."""

import pytest
from playwright.sync_api import expect
from told_board import Board
from widget_board import Greenhouse, card, widget

WIDTHS = 320, 390, 1280
LONG = "x" * 1000
WORDS = "watering the tomatoes " * 45
NAME = "n" * 40
RTL = "درجة حرارة البيت الزجاجي الكبير في الحديقة"
EMOJI = "👩‍🌾🏳️‍🌈🪴" * 60


def variable(name, kind, value, writable=False, **options):
    return {"name": name, "type": kind, "value": value, "writable": writable, "options": options}


CHOICES = [{"value": 1, "label": RTL}, {"value": 2, "label": NAME}, {"value": 3, "label": LONG}]
VARIABLES = [
    variable(NAME, "string", LONG),
    variable("words", "string", WORDS),
    variable("arabic", "string", RTL, title=RTL),
    variable("emoji", "string", EMOJI, title=EMOJI),
    variable("said", "string", LONG, writable=True),
    variable("typed", "string", LONG, writable=True, title=LONG, widget="Value"),
    variable("level", "float", 12345678.9, title=WORDS, unit=NAME),
    variable("m" * 40, "int", 20, writable=True, min=0, max=50, unit=NAME, title=LONG),
    variable("g" * 40, "int", 20, min=0, max=50, unit=NAME, title=RTL),
    variable("on", "bool", True),
    variable("place", "Location", {"lat": -12.345678, "lon": -123.45678}),
    variable("mode", "int", 1, writable=True, widget="ValueSelector", values=CHOICES),
]
# What is wider than where it stands, elements and the texts' lines; fields scroll by themselves.
CUT = """() => {
  const screen = document.documentElement;
  const cut = [...document.querySelectorAll("body, body *:not(input, select, option)")]
    .filter(it => it.checkVisibility() && it.scrollWidth > it.clientWidth + 1 && it.clientWidth)
    .filter(it => getComputedStyle(it).display !== "inline")
    .map(it => it.tagName + " " + it.className + " of " + it.closest("[aria-label]")?.ariaLabel.slice(0, 20));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentNode;
    if (parent.closest("select, script, style, [hidden]") || !parent.checkVisibility()) continue;
    const range = new Range();
    range.selectNodeContents(texts.currentNode);
    const place = parent.closest("section, header, main").getBoundingClientRect();
    for (const { left, right } of range.getClientRects()) {
      if (left < place.left - 1 || right > place.right + 1) cut.push(texts.currentNode.data.slice(0, 40));
    }
  }
  return [screen.scrollWidth > innerWidth, [...new Set(cut)]];
}"""
DATE = "-webkit-datetime-edit"
# How many elements stand on each line.
LINES = """elements => Object.values(Object.groupBy(elements, it => {
  const { top, bottom } = it.getBoundingClientRect();
  return Math.round((top + bottom) / 2);
})).map(line => line.length)"""


@pytest.fixture(scope="module")
def greenhouse(chromium, tmp_path_factory):
    board = Greenhouse(chromium, tmp_path_factory.mktemp("greenhouse"))
    yield board
    board.stop()
    board.stop_cloud()


def size(width):
    return {"width": width, "height": 800}


def dates(page):
    """Of each date field the boxes of what is visible, and of month, day …: [left, top, right, bottom]."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    fields, parts = [], []
    for node in session.send("DOM.getFlattenedDocument", {"depth": -1, "pierce": True})["nodes"]:
        names = node.get("attributes", [])
        pseudo = dict(zip(names[::2], names[1::2])).get("pseudo", "")
        if pseudo != DATE and not (pseudo.startswith(DATE) and pseudo.endswith("-field")):
            continue
        corners = session.send("DOM.getBoxModel", {"nodeId": node["nodeId"]})["model"]["border"]
        parts.append(corners[:2] + corners[4:6])
        if pseudo == DATE:  # its parts come before it
            fields.append((parts.pop(), parts))
            parts = []
    return fields


@pytest.mark.parametrize("width", WIDTHS)
def test_dates_are_shown_in_full(greenhouse, width):
    with greenhouse.page(viewport=size(width)) as page:
        expect(page.get_by_text("Cloud connected")).to_be_visible()
        expect(page.locator("[type=datetime-local]")).to_have_count(3)
        fields = dates(page)
        assert [len(parts) for _, parts in fields] == [6] * 3  # with hour, minute and AM or PM
        for (left, top, right, bottom), parts in fields:
            assert all(left <= part[0] and part[2] <= right for part in parts)
            assert all(top <= part[1] and part[3] <= bottom for part in parts)
        for title in "Sunrise", "Watering":
            assert card(page, title).evaluate("it => it.scrollHeight <= it.clientHeight")


@pytest.mark.parametrize(("width", "lines"), [(1280, [8]), (320, [8]), (240, [4, 4])])
def test_keys_of_the_television_stand_in_lines_of_the_same_length(greenhouse, width, lines):
    with greenhouse.page(viewport=size(width)) as page:
        expect(page.get_by_text("Cloud connected")).to_be_visible()
        keys = card(page, "Television").locator(".row").last.get_by_role("button")
        expect(keys).to_have_count(8)
        assert keys.evaluate_all(LINES) == lines


@pytest.mark.parametrize("width", [320, 390])
def test_chips_share_a_line_on_phones_whatever_stands_beside_them(greenhouse, width):
    with greenhouse.page(viewport=size(width)) as page:
        expect(page.get_by_text("Cloud connected")).to_be_visible()
        for count in range(5):
            page.evaluate(
                f"document.querySelectorAll('nav *').forEach((it, i) => (it.hidden = i >= {count}))"
            )
            assert page.locator(".chip").evaluate_all(LINES) == [2]
            assert page.locator("nav :visible").evaluate_all(LINES) == [count][:count]


def test_tab_goes_through_the_header_as_it_is_read(greenhouse):
    with greenhouse.page(viewport=size(320)) as page:
        page.evaluate("for (const it of document.querySelectorAll('nav *')) it.hidden = false")
        for name in "Edit", "Log", "Settings", "Log out":
            page.keyboard.press("Tab")
            expect(page.locator("nav").get_by_text(name, exact=True)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("title", [LONG, NAME, RTL, EMOJI], ids=["long", "name", "rtl", "emoji"])
def test_long_texts_stay_on_the_screen(chromium, title, width, scheme):
    with chromium.new_context(viewport=size(width), color_scheme=scheme) as context:
        page = Board(context, VARIABLES, title=title, user="owner", error=LONG).page
        expect(page.locator("section")).to_have_count(len(VARIABLES))
        assert page.evaluate(CUT) == [False, []]


@pytest.mark.parametrize("width", WIDTHS)
def test_long_texts_stay_in_every_widget(chromium, width):
    kinds = "Value", "Messenger", "Chart", "AdvancedChart", "Gauge", "Percentage", "LED", "Hologram"
    widgets = [widget(kind, it["name"], title=LONG) for kind in kinds for it in VARIABLES]
    widgets += [widget("StickyNote", title=WORDS, content=LONG + "\n# " + LONG), widget("Value", LONG)]
    for text in LONG, NAME, WORDS, RTL, EMOJI:
        pins = [{"property": "thing:" + it["name"], "label": text} for it in VARIABLES]
        names = [it["name"] for it in VARIABLES]
        widgets += [
            widget("Link", url="https://example.org/" + text, label=text),
            widget("Link", url=text),
            widget("Image", src=text),
            widget("ImageMap", *names, src=text, markersSettings=pins),
            widget("Status", "on", trueText=text),
            widget("Percentage", "level", icon=text, thresholds=[{"value": 0, "icon": text}]),
            widget("AdvancedMap", "place", title=text),
        ]
    pages = [{"id": "a", "name": LONG}, {"id": "b", "name": RTL}]
    with chromium.new_context(viewport=size(width)) as context:
        page = Board(context, VARIABLES, {"name": NAME, "widgets": widgets, "pages": pages}).page
        expect(page.locator("section")).to_have_count(len(widgets))
        assert page.evaluate(CUT) == [False, []]
