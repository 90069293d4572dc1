"""Widgets that only show: lamps, gauges, values, maps, charts, notes and images; and what cannot be shown."""

import re

import pytest
from engines import expect
from widget_board import WidgetBoard, card, widget


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
    """Lays one widget out, on the open page; returns its card."""

    def show(kind, *names, **options):
        title = f"{kind} of {' '.join(names) or 'nothing'}"
        board.save([widget(kind, *names, title=title, **options)])
        expect(page.locator("section")).to_have_count(1)
        expect(card(page, title)).to_be_visible()
        return card(page, title)

    return show


@pytest.mark.parametrize("seen", ["", "Seen"], ids=["writable", "read-only"])
@pytest.mark.parametrize(("kind", "off", "on"), [("LED", "off", "on"), ("Status", "false", "true")])
def test_lamp_shows_a_bool(board, show, kind, off, on, seen):
    shown = show(kind, "flag" + seen)
    for value, state in (True, on), (False, off):
        board.put("flag", value)
        lamp = shown.get_by_role("img", name=f"{kind} of flag{seen}: {state}", exact=True)
        expect(lamp).to_have_class(state)


@pytest.mark.parametrize("name", ["count", "countSeen", "level", "levelSeen"])
@pytest.mark.parametrize(("kind", "unit"), [("Gauge", "°C"), ("Percentage", "%")])
def test_gauge_shows_a_number_between_its_ends(board, show, kind, unit, name):
    options = {"unit": "°C"} if kind == "Gauge" else {}
    meter = show(kind, name, min=-10, max=30, **options).get_by_role("meter")
    for value, part in (20, "0.75"), (99, "1"), (-50, "0"):
        board.put(name.removesuffix("Seen"), value)
        expect(meter).to_have_text(f"{value} {unit}")
        expect(meter).to_have_attribute("aria-valuenow", str(value))
        expect(meter).to_have_attribute("aria-valuemin", "-10")
        expect(meter).to_have_attribute("aria-valuemax", "30")
        expect(meter).to_have_attribute("style", re.compile(rf"--at: ?{part};"))


def test_percentage_takes_the_colour_of_the_threshold_it_passed(board, show):
    thresholds = [
        {"value": 0, "color": "red"},
        {"value": 50, "color": "orange"},
        {"value": 80, "color": "lime"},
    ]
    meter = show("Percentage", "count", thresholds=thresholds).get_by_role("meter")
    for value, color in (10, "red"), (50, "orange"), (90, "lime"):
        board.put("count", value)
        expect(meter).to_have_attribute("style", re.compile(rf"--fill:\s*{color}"))


VALUES = [
    ("flag", True, "true"),
    ("count", -7, "-7"),
    ("level", 0.1, "0.1"),  # of a float's noise
    ("text", "two\n<b>lines</b>", "two <b>lines</b>"),
    ("color", {"hue": 7, "sat": 8, "bri": 9}, re.compile('"hue":7')),
    ("dimmed", {"swi": True, "bri": 9}, re.compile('"swi":true')),
    ("light", {"swi": True, "hue": 7, "sat": 8, "bri": 9}, re.compile('"bri":9')),
    ("place", {"lat": 1.5, "lon": 2}, re.compile('"lat":1.5')),
    ("plan", {"frm": 9, "to": 0, "len": 0, "msk": 0}, re.compile('"frm":9')),
    ("tv", {"vol": 77}, re.compile('"vol":77')),
]


@pytest.mark.parametrize(("name", "value", "text"), VALUES)
def test_value_shows_any_type(board, show, name, value, text):
    board.put(name, value)
    line = show("Value", name + "Seen").locator("p").first
    expect(line).to_have_text(text)


@pytest.mark.parametrize("name", ["place", "placeSeen"])
def test_map_shows_a_place_with_its_coordinates_and_a_link(board, show, name):
    board.put("place", {"lat": 0, "lon": 0})
    shown = show("Map", name)
    dot = shown.locator("circle")
    middle = dot.bounding_box()
    board.put("place", {"lat": -33.75, "lon": 151.25})
    link = shown.get_by_role("link", name="-33.75, 151.25", exact=True)
    expect(link).to_have_attribute("href", "https://www.openstreetmap.org/?mlat=-33.75&mlon=151.25")
    expect(shown.get_by_role("img", name=f"Map of {name}: -33.75, 151.25", exact=True)).to_be_visible()
    sydney = dot.bounding_box()
    scale = shown.locator("svg").evaluate("it => it.getScreenCTM().a")  # six degrees
    assert sydney["x"] - middle["x"] == pytest.approx(151.25 / 6 * scale, rel=0.05)
    assert sydney["y"] - middle["y"] == pytest.approx(33.75 / 6 * scale, rel=0.05)


def test_messenger_clears_and_shows_what_came_first_last(board, show):
    shown = show("Messenger", "textSeen")
    log = shown.get_by_role("log")
    board.put("text", "\x1b")
    expect(log.locator("p")).to_have_count(0)
    for text in "one", "<b>two</b>":
        board.put("text", text)
        expect(log.locator("p").last).to_have_text(text)
    board.put("text", "\x1b")
    expect(log.locator("p")).to_have_count(0)


def rows(shown):
    """The chart's table, opened, without its head and the times."""
    shown.get_by_text("table", exact=True).click()
    table = shown.get_by_role("table")
    expect(table.get_by_role("cell").first).to_be_visible()
    return [line.split("\t")[1:] for line in table.inner_text().splitlines()[1:]]


@pytest.mark.parametrize(
    ("name", "values"), [("count", (3, 9)), ("level", (0.5, 2.5)), ("flag", (True, False))]
)
def test_chart_shows_the_boards_history_and_what_comes(board, page, show, name, values):
    before, after = (str(value).lower() for value in values)
    show("Chart", name + "Seen")  # the history is kept from here on
    for value in reversed(values):
        board.put(name, value)
    board.visit(page)
    shown = card(page, f"Chart of {name}Seen")
    chart = shown.get_by_role("slider", name=f"Chart of {name}Seen", exact=True)
    expect(chart).to_have_attribute("aria-valuetext", before)
    shown.get_by_text("table", exact=True).click()
    past = re.compile(rf"\b{after}\b")
    expect(shown.get_by_role("table")).to_have_text(past)
    board.put(name, values[1])
    expect(chart).to_have_attribute("aria-valuetext", after)


def drawn(canvas):
    """How many pixels of a canvas are not empty."""
    return canvas.evaluate(
        """it => it.getContext("2d").getImageData(0, 0, it.width, it.height).data
          .filter((byte, i) => i % 4 === 3 && byte).length"""
    )


TIME = r"\d\d?:\d\d:\d\d(\s[AP]M)?"


def test_chart_is_drawn_and_tells_the_values_under_the_pointer(board, page, show):
    board.put("count", 5)
    shown = show("Chart", "count", min=0, max=10, unit="l")
    canvas = shown.get_by_role("slider")
    expect(canvas).to_have_attribute("aria-valuetext", "5 l")
    expect(shown.locator(".key").first).to_have_text("5 l")
    box = canvas.bounding_box()
    assert box["width"] > 50 and box["height"] > 50
    assert drawn(canvas) > box["width"] / 2
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20)
    expect(shown.locator("canvas + span")).to_have_text(re.compile(rf"{TIME}\s+(–|\d+) l"))
    page.mouse.move(2, 2)
    expect(shown.locator("canvas + span")).to_be_hidden()


FIVE = ("count", "level", "flag", "speed", "bounded")


def test_advanced_chart_shows_five_variables_together(board, show):
    for name, value in zip(FIVE, (4, 2.5, True, 20, 1)):
        board.put(name, value)
    shown = show("AdvancedChart", *FIVE, "mode")
    keys = shown.locator(".key button")
    expect(keys).to_have_text(["count 4", "level 2.5", "flag true", "speed 20 rpm", "bounded 1"])
    board.put("bounded", 3)
    expect(keys.last).to_have_text("bounded 3")
    assert all(len(line) == 5 for line in rows(shown))


NOTE = """# Title <script>window.hacked = 1</script>
- **bold** *italic* `code`
[site](https://example.org/?a=1) [bad](javascript:window.hacked=1) [worse](data:text/html,x)
<img src=x onerror="window.hacked = 1"> &amp; <b>plain</b>
[**x**](https://example.org/"onmouseover="window.hacked=1)"""


def test_sticky_note_takes_some_markdown_and_no_html(page, show):
    shown = show("StickyNote", content=NOTE)
    expect(shown.get_by_role("heading", level=3)).to_have_text("Title <script>window.hacked = 1</script>")
    expect(shown.locator("b").first).to_have_text("bold")
    expect(shown.locator("em")).to_have_text("italic")
    expect(shown.locator("code")).to_have_text("code")
    expect(shown.get_by_role("link", name="site")).to_have_attribute("href", "https://example.org/?a=1")
    expect(shown).to_contain_text('<img src=x onerror="window.hacked = 1"> &amp; <b>plain</b>')
    assert shown.locator("script, img, [onmouseover], [onerror]").count() == 0
    assert all(link.get_attribute("href").startswith("https://") for link in shown.get_by_role("link").all())
    assert page.evaluate("window.hacked") is None


def test_image_comes_from_the_boards_files(page, show):
    picture = show("Image", src="plan.png").get_by_role("img", name="Image of nothing", exact=True)
    expect(picture).to_have_js_property("naturalWidth", 16)
    expect(picture).to_be_visible()


def test_unknown_widgets_and_variables_are_named_in_their_cards(board, page):
    names = "Hologram", "__proto__", "LED"
    board.save(
        [widget("Hologram", "flag"), widget("__proto__"), widget("LED", "nowhere"), widget("Switch", "flag")]
    )
    for name, text in zip(
        names, ("unknown widget Hologram", "unknown widget __proto__", "no variable nowhere")
    ):
        expect(card(page, name)).to_contain_text(text)
    expect(card(page, "Switch").get_by_role("switch")).to_be_enabled()


def test_widget_that_cannot_show_the_type_gives_way_to_the_value(board, page, show):
    board.put("text", "a text")
    expect(show("Switch", "textSeen")).to_contain_text("a text")
    board.put("flag", True)
    expect(show("Slider", "flag").get_by_role("textbox")).to_have_value("true")


def test_broken_dashboard_is_said_and_the_variables_are_shown(board, page):
    for text in '{"widgets": [', "[]", '{"widgets": 5}':
        (board.flash / "dashboard.json").write_text(text)
        board.visit(page)
        expect(card(page, "dashboard.json")).to_contain_text("not a dashboard")
        expect(card(page, "flag").get_by_role("switch")).to_be_enabled()


AUTOMATIC = {
    "flag": "switch", "flagSeen": "img", "count": "spinbutton", "level": "spinbutton", "text": "log",
    "dimmed": "switch", "light": "switch", "color": "slider", "place": "img", "plan": "combobox",
    "tv": "combobox",
    "Fan": "slider", "speedSeen": "meter", "bounded": "slider", "boundedSeen": "meter", "mode": "combobox",
    "modeSeen": "slider",
}  # fmt: skip
PLAIN = ("countSeen", "levelSeen", "textSeen", "later", "unknown")


def test_without_a_layout_each_variable_has_the_widget_that_is_right(board, page):
    board.forget_layout()
    board.visit(page)
    for title, role in AUTOMATIC.items():
        expect(card(page, title).get_by_role(role).first).to_be_visible()
    for title in PLAIN:
        expect(card(page, title).locator("input, button, [role]:not([role=alert])")).to_have_count(0)
    with board.api.follow() as follower:
        follower.wait_for("unknown", None)
        names = [name for name in follower.variables if name != "speed"]
    titles = page.locator("section").evaluate_all("cards => cards.map(it => it.ariaLabel)")
    assert [title for title in titles if title != "Fan"] == names
    expect(card(page, "later")).to_contain_text("waiting for its first value")


def test_script_gives_a_widget_its_ends_its_step_its_unit_and_its_title(board, page):
    board.forget_layout()
    board.visit(page)
    board.put("speed", 20)
    fan = card(page, "Fan").get_by_role("slider", name="Fan")
    expect(fan).to_have_attribute("aria-valuetext", "20 rpm")
    fan.press("ArrowLeft")
    board.api.wait_for("speed", 15)
    fan.press("End")
    board.api.wait_for("speed", 50)
    expect(card(page, "mode").get_by_role("option")).to_have_text(["0", "1", "2"])
