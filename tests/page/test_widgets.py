"""Every widget that changes a variable, against the types it binds to, both ways, by pointer and keyboard."""

import itertools
import re

import pytest
from engines import expect
from sideboard.options import WIDGETS
from widget_board import WidgetBoard, card, widget

from tools import web

NEWS = itertools.count(1000)
CHOICES = [{"value": 0, "label": "Off"}, {"value": 1, "label": "On"}, 2]


@pytest.fixture(scope="module")
def board(browser, tmp_path_factory):
    board = WidgetBoard(browser, tmp_path_factory.mktemp("board"))
    yield board
    board.stop()


@pytest.fixture(scope="module")
def page(board):
    with board.page(timezone_id="Asia/Kolkata", locale="en-GB") as page:
        yield page


@pytest.fixture
def show(board, page):
    """Lays one widget out, on the open page; returns its card once it shows what the board has."""

    def show(kind, name, **options):
        title = f"{kind} of {name}"
        board.save([widget(kind, name, title=title, **options), widget("Value", "laterText", title="News")])
        expect(card(page, title)).to_be_visible()
        news = str(next(NEWS))
        board.put("laterText", news)  # all that was said before is there before
        expect(card(page, "News").get_by_role("textbox")).to_have_value(news)
        return card(page, title)

    yield show
    page.mouse.up()


def test_board_and_page_know_the_same_widgets():
    source = (web.WEB / "widgets" / "index.js").read_text()
    assert re.findall(r"^  (\w+): \[", source, re.M) == WIDGETS.split()


def click(role, name=None):
    return lambda card: card.get_by_role(role, name=name, exact=True).click()


def press(key, role, name=None):
    return lambda card: card.get_by_role(role, name=name, exact=True).press(key)


def enter(role, text, name=None):
    """Types, and leaves by Enter."""

    def act(card):
        field = card.get_by_role(role, name=name, exact=True)
        field.fill(text)
        field.press("Enter")

    return act


def choose(label, name=None):
    return lambda card: card.get_by_role("combobox", name=name, exact=True).select_option(label=label)


WRITES = [
    ("Switch", "flag", False, click("switch"), True),
    ("Switch", "flag", True, press("Space", "switch"), False),
    ("Slider", "count", 50, press("ArrowRight", "slider"), 51),
    ("Slider", "count", 50, press("End", "slider"), 100),
    ("Slider", "level", 50.0, press("ArrowLeft", "slider"), 49.0),
    ("Slider", "level", 50.0, press("Home", "slider"), 0.0),
    ("Stepper", "count", 7, click("button", "more"), 8),
    ("Stepper", "count", 7, press("Enter", "button", "less"), 6),
    ("Stepper", "count", 7, enter("spinbutton", "12"), 12),
    ("Stepper", "level", 0.5, click("button", "less"), -0.5),
    ("Stepper", "level", 0.5, enter("spinbutton", "0.25"), 0.25),
    ("Messenger", "text", "question", enter("textbox", "answer"), "answer"),
    ("Value", "flag", False, enter("textbox", "true"), True),
    ("Value", "count", 1, enter("spinbutton", "42"), 42),
    ("Value", "level", 1.5, enter("spinbutton", "-2.75"), -2.75),
    ("Value", "text", "one", enter("textbox", "12"), "12"),
    ("Value", "color", {"hue": 1}, enter("textbox", '{"hue": 99}'), {"hue": 99}),
    ("Value", "place", {"lat": 1}, enter("textbox", '{"lat": -33.5}'), {"lat": -33.5}),
    ("Color", "color", {"hue": 1}, press("End", "slider", "hue"), {"hue": 360}),
    ("Color", "color", {"sat": 1}, press("End", "slider", "saturation"), {"sat": 100}),
    ("Color", "color", {"bri": 1}, press("ArrowUp", "slider", "brightness"), {"bri": 2}),
    ("DimmedLight", "dimmed", {"swi": False}, click("switch", "power"), {"swi": True}),
    ("DimmedLight", "dimmed", {"bri": 1}, press("End", "slider", "brightness"), {"bri": 100}),
    ("ColoredLight", "light", {"swi": False}, press("Enter", "switch", "power"), {"swi": True}),
    ("ColoredLight", "light", {"hue": 1}, press("ArrowRight", "slider", "hue"), {"hue": 2}),
    ("ColoredLight", "light", {"sat": 1}, press("ArrowRight", "slider", "saturation"), {"sat": 2}),
    ("ColoredLight", "light", {"bri": 1}, press("Home", "slider", "brightness"), {"bri": 0}),
    ("ValueSelector", "count", 0, click("radio", "On"), 1),
    ("ValueSelector", "count", 0, press("ArrowDown", "radio", "Off"), 1),
    ("ValueDropdown", "count", 0, choose("2"), 2),
    ("ValueDropdown", "count", 0, press("ArrowDown", "combobox"), 1),
    ("Television", "tv", {"swi": False}, click("switch", "power"), {"swi": True}),
    ("Television", "tv", {"mut": False}, press("Space", "switch", "mute"), {"mut": True}),
    ("Television", "tv", {"vol": 10}, press("ArrowRight", "slider", "volume"), {"vol": 11}),
    ("Television", "tv", {"cha": 3}, click("button", "more"), {"cha": 4}),
    ("Television", "tv", {"cha": 3}, enter("spinbutton", "21", "channel"), {"cha": 21}),
    ("Television", "tv", {"inp": 0}, choose("HDMI3", "input"), {"inp": 18}),
    ("Television", "tv", {"pbc": 7}, click("button", "play"), {"pbc": 3}),
    ("Television", "tv", {"pbc": 7}, press("Enter", "button", "start over"), {"pbc": 6}),
]
OPTIONS = {"ValueSelector": {"values": CHOICES}, "ValueDropdown": {"values": CHOICES}}


@pytest.mark.parametrize(("kind", "name", "before", "act", "after"), WRITES)
def test_control_writes_to_the_board(board, show, kind, name, before, act, after):
    board.put(name, before)
    shown = show(kind, name, **OPTIONS.get(kind, {}))
    act(shown)
    board.api.wait_for(name, after)
    expect(shown).to_have_attribute("aria-busy", "false")
    expect(shown.get_by_role("alert")).to_have_count(0)


def attribute(role, attribute, text, name=None):
    def check(card):
        expect(card.get_by_role(role, name=name, exact=True)).to_have_attribute(attribute, text)

    return check


def value(role, text, name=None):
    return lambda card: expect(card.get_by_role(role, name=name, exact=True)).to_have_value(text)


def text(text):
    return lambda card: expect(card).to_contain_text(text)


def both(*checks):
    return lambda card: [check(card) for check in checks]


LIGHT = {"swi": True, "hue": 200, "sat": 60, "bri": 70}
LIGHT_SHOWN = both(
    attribute("slider", "aria-valuetext", "200 °", "hue"),
    attribute("slider", "aria-valuetext", "60 %", "saturation"),
    attribute("slider", "aria-valuetext", "70 %", "brightness"),
)
POWER_SHOWN = attribute("switch", "aria-checked", "true", "power")
TV = {"swi": True, "vol": 33, "mut": True, "pbc": 2, "inp": 16, "cha": 9}
SHOWS = [
    ("Switch", "flag", True, attribute("switch", "aria-checked", "true")),
    ("PushButton", "flag", True, attribute("button", "aria-pressed", "true")),
    ("Slider", "count", 30, attribute("slider", "aria-valuenow", "30")),
    ("Slider", "level", 0.25, attribute("slider", "aria-valuetext", "0.25")),
    ("Stepper", "count", 31, value("spinbutton", "31")),
    ("Stepper", "level", 3.25, value("spinbutton", "3.25")),
    ("Messenger", "text", "hello there", text("hello there")),
    ("Color", "color", {"hue": 200, "sat": 60, "bri": 70}, LIGHT_SHOWN),
    ("DimmedLight", "dimmed", {"swi": True, "bri": 70},
     both(POWER_SHOWN, attribute("slider", "aria-valuetext", "70 %", "brightness"))),
    ("ColoredLight", "light", LIGHT, both(POWER_SHOWN, LIGHT_SHOWN)),
    ("ValueSelector", "count", 1, lambda card: expect(card.get_by_label("On")).to_be_checked()),
    ("ValueDropdown", "count", 2, value("combobox", "2")),
    ("Television", "tv", TV, both(
        POWER_SHOWN,
        attribute("switch", "aria-checked", "true", "mute"),
        attribute("slider", "aria-valuetext", "33", "volume"),
        attribute("button", "aria-pressed", "true", "pause"),
        attribute("button", "aria-pressed", "false", "stop"),
        value("combobox", "HDMI1", "input"),
        value("spinbutton", "9", "channel"),
    )),
    ("Scheduler", "plan", {"frm": 1_700_000_000, "to": 0, "len": 600, "msk": 0},
     both(value("spinbutton", "10", "minutes"), value("combobox", "never", "repeats"))),
    ("TimePicker", "count", 1_700_000_000,
     lambda card: expect(card.locator("input")).to_have_value("2023-11-15T03:43")),  # in the browser's zone
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "now", "shown"), SHOWS)
@pytest.mark.parametrize("writable", [True, False], ids=["writable", "read-only"])
def test_control_shows_what_the_board_has(board, show, kind, name, now, shown, writable):
    it = show(kind, name if writable else name + "Seen", **OPTIONS.get(kind, {}))
    board.put(name, now)
    shown(it)
    controls = it.locator("button, input, select")
    for control in controls.all():
        (expect(control).to_be_enabled if writable else expect(control).to_be_disabled)()
    assert controls.count()


def test_push_button_is_true_while_the_pointer_is_down(board, page, show):
    button = show("PushButton", "flag").get_by_role("button")
    board.put("flag", False)
    button.hover()
    page.mouse.down()
    board.api.wait_for("flag", True)
    page.mouse.move(2, 2)  # off the button: it is still held
    expect(button).to_have_attribute("aria-pressed", "true")
    page.mouse.up()
    board.api.wait_for("flag", False)
    expect(button).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_push_button_is_true_while_its_key_is_down(board, page, show, key):
    button = show("PushButton", "flag").get_by_role("button")
    board.put("flag", False)
    button.focus()
    page.keyboard.down(key)
    board.api.wait_for("flag", True)
    page.keyboard.up(key)
    board.api.wait_for("flag", False)


@pytest.mark.parametrize(("kind", "name"), [("Slider", "speed"), ("Stepper", "speed")])
def test_options_of_the_layout_come_before_those_of_the_script(board, show, kind, name):
    shown = show(kind, name, max=20, step=4)
    board.put(name, 16)
    if kind == "Slider":
        track = shown.get_by_role("slider")
        expect(track).to_have_attribute("max", "20")
        expect(track).to_have_attribute("aria-valuetext", "16 rpm")
        track.press("ArrowRight")
    else:
        shown.get_by_role("button", name="more").click()
        shown.get_by_role("button", name="more").click()  # there is no more
    board.api.wait_for(name, 20)


def test_time_picker_writes_the_time_of_the_browsers_zone(board, show):
    board.put("count", 1_700_000_000)
    field = show("TimePicker", "count").locator("input")
    field.fill("2024-01-02T03:04")
    field.blur()
    board.api.wait_for("count", 1_704_144_840)  # 2024-01-01T21:34Z, 03:04 in India


DAILY = 1 << 26 | 3 << 30 | 1
START = 1_704_164_640  # 2024-01-02T03:04 as a local time, a Tuesday


@pytest.mark.parametrize(
    ("repeats", "msk"),
    [
        ("never", 0),
        ("every", DAILY),
        ("weekly", 2 << 26 | 1 << 2),
        ("monthly", 3 << 26 | 2),
        ("yearly", 4 << 26 | 0 << 8 | 2),
    ],
)
def test_scheduler_writes_start_end_length_and_repetition(board, show, repeats, msk):
    board.put("plan", {"frm": 0, "to": 0, "len": 0, "msk": 1 if repeats == "never" else 0})
    shown = show("Scheduler", "plan")
    shown.get_by_label("start").fill("2024-01-02T03:04")
    shown.get_by_label("end").fill("2024-01-03T03:04")
    enter("spinbutton", "15", "minutes")(shown)
    choose(repeats, "repeats")(shown)
    if repeats == "never":
        choose("every", "repeats")(shown)
        choose("never", "repeats")(shown)
    board.api.wait_for("plan", {"frm": START, "to": START + 86400, "len": 900, "msk": msk})
    expect(shown.get_by_role("combobox", name="repeats")).to_have_value(repeats)


def test_scheduler_repeats_after_so_many_units_and_on_these_days(board, show):
    board.put("plan", {"frm": START, "to": 0, "len": 60, "msk": DAILY})
    shown = show("Scheduler", "plan")
    choose("hours", "unit")(shown)
    enter("spinbutton", "6", "number")(shown)
    board.api.wait_for("plan", {"msk": 1 << 26 | 2 << 30 | 6})
    choose("weekly", "repeats")(shown)
    shown.get_by_role("button", name="Sunday").press("Space")
    shown.get_by_role("button", name="Tuesday").click()
    board.api.wait_for("plan", {"msk": 2 << 26 | 1})


def test_refusal_is_said_and_the_true_value_shown(board, show):
    board.put("color", {"hue": 10, "sat": 20, "bri": 30})
    shown = show("Value", "color")
    enter("textbox", '{"hue": 999}')(shown)
    expect(shown.get_by_role("alert")).to_have_text("color:hue takes 0 to 360")
    expect(shown.get_by_role("textbox")).to_have_value(re.compile('"hue":10[,}]'))
    enter("textbox", "teal")(shown)
    expect(shown.get_by_role("alert")).to_contain_text("color takes parts of")
    enter("textbox", '{"hue": 11}')(shown)
    expect(shown.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 1100, 1280])
def test_sliders_value_and_unit_stand_on_one_line(board, width):
    board.save([widget("Slider", "speed", title="Fan")])
    board.put("speed", 50)
    with board.page(viewport={"width": width, "height": 600}) as page:
        value = card(page, "Fan").get_by_text("50 rpm")
        line = value.evaluate("it => parseFloat(getComputedStyle(it).lineHeight)")
        assert value.bounding_box()["height"] < 1.5 * line
