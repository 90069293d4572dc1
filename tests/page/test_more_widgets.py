"""Tracks, image maps, links, images by address, palettes; texts and colours of Status, Gauge, Percentage."""

import http.server
import itertools
import math
import re
import threading

import pytest
from charted_board import ChartedBoard, told
from engines import expect
from widget_board import WidgetBoard, card, widget

from tools.pictures.widgets import png

MARKS = itertools.count(1)


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

    def show(kind, *names, title="It", **options):
        mark = str(next(MARKS))  # so that it is not the card of before
        board.save([widget(kind, *names, title=title, **options), widget("LED", "flag", title=mark)])
        expect(card(page, mark)).to_be_visible()
        return card(page, title)

    return show


# Status, Gauge and Percentage

TEXTS = {"trueText": "shut", "falseText": "wide open", "trueColor": "#123456", "falseColor": "rgb(9 8 7)"}


def test_status_has_texts_and_colours_of_its_own(board, show):
    shown = show("Status", "flag", title="Door", **TEXTS)
    for value, text, color in (True, "shut", "#123456"), (False, "wide open", "rgb(9 8 7)"):
        board.put("flag", value)
        lamp = shown.get_by_role("img", name=f"Door: {text}", exact=True)
        expect(lamp).to_have_attribute("style", re.compile(rf"--color: ?{re.escape(color)}"))
        expect(shown.locator("div > p")).to_have_text(text)


RANGES = [
    {"value": 50, "color": "orange", "icon": "☀"},
    {"value": 80, "color": "lime", "icon": "sun-cloud"},  # of the cloud: nobody here has that
    {"value": -5, "color": "red"},
    "no range",
]


@pytest.mark.parametrize("kind", ["Gauge", "Percentage"])
def test_value_has_the_colour_and_the_icon_of_the_range_it_is_in(board, show, kind):
    meter = show(kind, "count", thresholds=RANGES, icon="☂", unit="%").get_by_role("meter")
    for value, color, icon in (
        (-9, "var(--accent)", "☂"),
        (0, "red", "☂"),
        (50, "orange", "☀"),
        (90, "lime", "☂"),
    ):
        board.put("count", value)
        expect(meter).to_have_text(f"{icon} {value} %")
        expect(meter).to_have_attribute("aria-valuetext", f"{value} %")
        expect(meter).to_have_attribute("style", re.compile(rf"--fill: ?{re.escape(color)}"))


# Image and Image Map


class Camera:
    """Images of another address than the board's; `asked` are the paths."""

    def __init__(self):
        camera = self
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                camera.asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                self.wfile.write(png(8, 4, b"\x90\x20\x10" * 32))

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def camera():
    camera = Camera()
    yield camera
    camera.stop()


@pytest.fixture
def other():
    camera = Camera()
    yield camera
    camera.stop()


LOADS = """url => new Promise(done => {
  const image = new Image();
  image.onload = () => done(true);
  image.onerror = () => done(false);
  image.src = url;
})"""


def test_only_images_whose_address_the_layout_has_are_asked_for(board, page, show, camera, other):
    show("Switch", "flag")
    assert page.evaluate(LOADS, camera.url + "/before.png") is False
    shown = show("Image", src=camera.url + "/now.png?size=8", title="Yard")  # the page begins anew
    expect(shown.get_by_role("img", name="Yard", exact=True)).to_have_js_property("naturalWidth", 8)
    assert page.evaluate(LOADS, camera.url + "/other.png") is True
    assert page.evaluate(LOADS, other.url + "/x.png") is False
    assert camera.asked == ["/now.png?size=8", "/other.png"]
    assert other.asked == []


def test_image_is_asked_for_again_while_the_page_is_seen(board, page, show, camera):
    shown = show("Image", src=camera.url + "/now.png", interval=0.01, title="Yard")
    expect(shown.get_by_role("img")).to_have_attribute("src", re.compile(r"/now\.png\?\d+"))
    times = [int(path.partition("?")[2] or 0) for path in camera.asked]
    assert times[0] == 0 and len(set(times)) == len(times)
    expect(shown.get_by_role("img")).not_to_have_attribute("src", f"{camera.url}/now.png?{times[-1]}")
    page.evaluate("void Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate("new Promise(done => setTimeout(done, 200))")  # what was under way
    count = len(camera.asked)
    page.evaluate("new Promise(done => setTimeout(done, 2200))")
    assert len(camera.asked) == count
    page.evaluate("delete document.hidden")
    source = shown.get_by_role("img").get_attribute("src")
    expect(shown.get_by_role("img")).not_to_have_attribute("src", source)
    show("Switch", "flag")
    page.evaluate("new Promise(done => setTimeout(done, 1200))")
    count = len(camera.asked)
    page.evaluate("new Promise(done => setTimeout(done, 1200))")
    assert len(camera.asked) == count  # nobody shows it any more


@pytest.mark.parametrize("src", ["nowhere.png", "http://127.0.0.1:1/x.png", "data:image/png,broken", 5, ""])
def test_image_that_cannot_be_loaded_is_said(board, show, src):
    shown = show("Image", src=src, title="Yard")
    expect(shown).to_contain_text("cannot be loaded")
    expect(shown.locator("img")).to_be_hidden()


PINS = [
    {"property": "thing:level", "x": 100, "y": 0, "label": "Level"},
    {"property": "thing:flag", "x": 25, "y": "75", "icon": "kept"},
    {"property": "thing:flagSeen", "x": -5, "y": 1e9},
    7,
]


def test_image_map_shows_and_writes_variables_at_their_places(board, page, show):
    board.put("flag", False)
    board.put("level", 1.5)
    board.put("speed", 20)
    names = "level", "flag", "flagSeen", "speed"
    shown = show("ImageMap", *names, src="plan.png", markersSettings=PINS, title="Plan")
    image = shown.get_by_role("img", name="Plan", exact=True)
    expect(image).to_have_js_property("naturalWidth", 16)
    pins = shown.locator(".pin")
    expect(pins).to_have_text(["Level1.5", "", "false", "20 rpm"])
    box = image.bounding_box()
    assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.02)
    for i, (x, y) in enumerate([(1, 0), (0.25, 0.75), (0, 1), (0.875, 0.5)]):
        pin = pins.nth(i).bounding_box()
        # The pin's own point at the same percentage of it stands there: so it is never cut off.
        assert pin["x"] + x * pin["width"] == pytest.approx(box["x"] + x * box["width"], abs=2)
        assert pin["y"] + y * pin["height"] == pytest.approx(box["y"] + y * box["height"], abs=2)
    switch = shown.get_by_role("switch", name="flag", exact=True)
    switch.click()
    board.api.wait_for("flag", True)
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(pins.nth(2)).to_have_text("true")
    switch.press("Space")
    board.api.wait_for("flag", False)
    board.put("level", 2.25)
    expect(pins.first).to_have_text("Level2.25")


def test_switch_on_an_image_map_is_its_own_variables(board, show):
    shown = show("ImageMap", "levelSeen", "flag", src="plan.png")  # the first one is read-only
    expect(shown.get_by_role("switch")).to_be_enabled()


# Link

PAGES = [{"id": "one", "name": "One", "position": 0}, {"id": "two", "name": "Two", "position": 1}]


def test_link_opens_another_page_of_the_dashboard(board, page):
    widgets = [widget("Link", url="#two", label="Onwards"), widget("LED", "flag", title="There")]
    board.save([{**it, "page_id": id} for it, id in zip(widgets, ("one", "two"))], pages=PAGES)
    link = page.get_by_role("link", name="Onwards", exact=True)
    link.press("Enter")
    expect(card(page, "There")).to_be_visible()
    expect(page.get_by_role("tab", name="Two")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="One").click()


OPENED = [
    "https://example.org/a?b=1",
    "HTTP://example.org/",
    "mailto:me@example.org",
    "tel:+123",
    "/files/mine.html",
]


@pytest.mark.parametrize("url", OPENED)
def test_link_opens_an_address(board, show, url):
    link = show("Link", url=url, title="Manual").get_by_role("link", name="Manual", exact=True)
    expect(link).to_have_attribute("href", url)
    if url[0] != "/":
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noreferrer")


REFUSED = [
    "javascript:window.hacked=1", " javascript:window.hacked=1", "java\nscript:window.hacked=1", "vbscript:x",
    "JavaScript:window.hacked=1", "data:text/html,x", "blob:x", "file:///etc/passwd", {"href": "#"}, None,
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_link_opens_nothing_else(page, show, url):
    shown = show("Link", url=url, title="Manual")
    expect(shown).to_contain_text("no address")
    expect(shown.get_by_role("link")).to_have_count(0)


# Advanced Map

HERE = {"lat": 46.2, "lon": 6.15}
CART = {"name": "cart", "type": "Location", "value": HERE, "writable": False}
TRACK = [[46.21, 6.15], [46.22, 6.16], None, None, [46.23, 6.17], [46.22, 6.18]]


@pytest.fixture
def track(browser):
    """Opens a page with an Advanced Map; returns its board and its card. `pasts` are its answers by range."""
    boards, contexts = [], []

    def open_track(pasts, value=HERE, **options):
        board = ChartedBoard(
            [{**CART, "value": value}],
            {"widgets": [widget("AdvancedMap", "cart", title="Cart", **options)]},
            lambda name, number: pasts.get(number, told(0, [])),
        )
        boards.append(board)
        context = browser.new_context()
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(board.url)
        return board, card(page, "Cart")

    yield open_track
    for context in contexts:
        context.close()
    for board in boards:
        board.stop()


def lines(shown):
    """The track's lines: points (x, y) in the drawing's units."""
    path = shown.locator(".track").get_attribute("d") or ""
    return [[tuple(map(float, at.split())) for at in part.split("L")] for part in path.split("M")[1:]]


def wait_for_lines(shown, lengths):
    pattern = "".join("M[^ML]+" + "L[^ML]+" * (length - 1) for length in lengths)
    expect(shown.locator(".track")).to_have_attribute("d", re.compile(f"^{pattern}$"))


def inside(shown):
    """Whether all lines are within the drawing, and fill a good part of it."""
    box = shown.locator("svg").evaluate("it => [it.clientWidth, it.clientHeight]")
    points = [point for line in lines(shown) for point in line]
    assert all(0 <= at <= size for point in points for at, size in zip(point, box))
    return max((max(axis) - min(axis)) / size for axis, size in zip(zip(*points), box)) == pytest.approx(
        0.7, abs=0.01
    )


def test_advanced_map_shows_the_past_and_what_comes(track):
    board, shown = track({0: told(5, TRACK)})
    wait_for_lines(shown, [2, 3])  # what is not known is a gap
    assert inside(shown)
    link = shown.get_by_role("link", name="46.2, 6.15", exact=True)
    expect(link).to_have_attribute("href", "https://www.openstreetmap.org/?mlat=46.2&mlon=6.15")
    expect(shown.get_by_role("img", name="Cart: 46.2, 6.15", exact=True)).to_be_visible()
    expect(shown.locator("text")).to_have_text(re.compile(r"^(1|2|5|10|20|50|\d00) k?m$"))
    board.say("cart", {"lat": 46.25, "lon": 6.2})
    wait_for_lines(shown, [2, 3])
    expect(shown.get_by_role("link", name="46.25, 6.2", exact=True)).to_be_visible()
    assert inside(shown)
    x, y = lines(shown)[-1][-1]
    moved = shown.locator("circle").get_attribute("style")
    assert list(map(float, re.findall(r"-?[\d.]+(?=px)", moved))) == [x, y]


def test_advanced_map_shows_other_times_by_keyboard(track):
    board, shown = track({0: told(5, TRACK[:2]), 2: told(1440, TRACK[3:])})
    wait_for_lines(shown, [3])
    choice = shown.get_by_role("combobox", name="range")
    expect(choice).to_be_enabled()
    choice.select_option(label="1 d")
    wait_for_lines(shown, [3])
    expect(shown.locator(".track")).not_to_have_attribute("d", "")
    assert board.asked == [("cart", 0), ("cart", 2)]
    board.leave()  # and what the board knows is asked for again
    expect(shown.get_by_role("combobox")).to_be_visible()
    for _ in range(3000):
        if len(board.asked) > 2:
            break
        shown.page.evaluate("new Promise(done => setTimeout(done, 10))")
    assert board.asked[2:] == [("cart", 2)]


@pytest.mark.parametrize(
    ("track_of", "degrees"),
    [
        ([[-17, 179.9], [-17, -179.9], [-17.05, 179.95]], 0.2),  # across 180°
        ([[-17, -179.9], [-17, 179.9]], 0.2),
        ([[90, 0], [90, 180], [89.99, -90]], 270),  # at a pole
        ([[-90, 10]], 0.001),
        ([[10, 20]] * 5, 0.001),  # nothing moves
        ([[91, 999], [1e30, -1e30]], None),  # is no place, and breaks nothing
    ],
)
def test_advanced_map_stands_every_track(track, track_of, degrees):
    *past, (lat, lon) = track_of
    board, shown = track({0: told(5, past)}, value={"lat": lat, "lon": lon})
    wait_for_lines(shown, [len(track_of)])
    for name in "track", "land", "scale":
        assert not re.search("NaN|Infinity|undefined", shown.locator("." + name).get_attribute("d"))
    assert not re.search("NaN|undefined", shown.locator("svg").get_attribute("viewBox"))
    expect(shown.get_by_role("alert")).to_have_count(0)
    if degrees:
        text = shown.locator("text").text_content()
        number, unit = text.split()
        metres = float(number) * (1000 if unit == "km" else 1)
        wide = shown.locator("svg").evaluate("it => it.clientWidth")
        bar = float(re.search(r"h([\d.]+)", shown.locator(".scale").get_attribute("d"))[1])
        points = lines(shown)[0]
        across = abs(max(x for x, _ in points) - min(x for x, _ in points))
        middle = (max(lat for lat, _ in track_of) + min(lat for lat, _ in track_of)) / 2
        narrow = max(0.01, math.cos(math.radians(middle)))
        if across:
            assert across / bar * metres == pytest.approx(degrees * narrow * 111_320, rel=0.05)
        assert bar <= wide / 3


# Palettes


def opened(shown):
    """The palette of a coloured light, opened."""
    shown.get_by_role("button", name="palette").click()
    palette = shown.get_by_role("group", name="palette")
    expect(palette).to_be_visible()
    return palette


@pytest.fixture
def palette(board, page, show):
    page.evaluate("localStorage.clear()")
    board.put("light", {"swi": True, "hue": 200, "sat": 50, "bri": 100})
    return opened(show("ColoredLight", "light"))


def test_palette_takes_what_is_typed(board, palette):
    field = palette.get_by_role("textbox", name="color")
    expect(field).to_have_value(re.compile("#(80|7f)d[45]ff"))
    for text, parts in (
        ("#f00", {"hue": 0, "sat": 100, "bri": 100}),
        ("#123456", {"hue": 210, "sat": 79.07, "bri": 33.73}),
        (" RebeccaPurple ", {"hue": 270, "sat": 66.67, "bri": 60}),
        ("gray", {"hue": 270, "sat": 0, "bri": 50.2}),  # it has no hue
        ("black", {"hue": 270, "sat": 0, "bri": 0}),
        ("hsl(120deg 100% 25%)", {"hue": 120, "sat": 100, "bri": 50.2}),
    ):
        field.fill(text)
        field.press("Enter")
        board.api.wait_for("light", {"swi": True, **parts})
        if text[0] == "#" and len(text) == 7:
            expect(field).to_have_value(text)
    for text in "no color", "transparent", "#12", "red;background:url(x)", "var(--x)":
        field.fill(text)
        field.press("Enter")
        expect(palette.get_by_role("alert")).to_have_text(f"{text} is no color")
    assert board.api.get("/api/variables/light")["value"]["hue"] == 120


def shows(area, pattern):
    expect(area).to_have_attribute("aria-valuetext", re.compile(f"^{pattern}$"))


def test_palette_is_a_field_for_pointer_and_keyboard(board, page, palette):
    area = palette.get_by_role("slider", name="hue and saturation")
    expect(area).to_have_attribute("aria-valuetext", "hue 200°, saturation 50 %")
    area.focus()
    for key, parts in (
        ("ArrowRight", {"hue": 201, "sat": 50}),
        ("ArrowUp", {"hue": 201, "sat": 51}),
        ("Shift+ArrowLeft", {"hue": 191, "sat": 51}),
        ("ArrowDown", {"hue": 191, "sat": 50}),
    ):
        page.keyboard.press(key)
        board.api.wait_for("light", parts)
    box = area.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.down()
    shows(area, r"hue (89|90|91)°, saturation 7[456] %")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 50, steps=5)  # beyond it
    page.mouse.up()
    shows(area, r"hue (179|180|181)°, saturation 100 %")
    hue = int(re.search(r"\d+", area.get_attribute("aria-valuetext"))[0])
    board.api.wait_for("light", {"hue": hue, "sat": 100})
    expect(palette.get_by_role("button")).to_have_count(1)


def test_last_six_colours_are_there_for_every_palette_of_this_browser(board, page, show, palette):
    field = palette.get_by_role("textbox", name="color")
    colors = [f"#0000{i}0" for i in range(2, 9)] + ["#000030"]
    for color in colors:
        field.fill(color)
        field.press("Enter")
    board.put("color", {"hue": 5, "sat": 5, "bri": 5})
    page.reload()
    swatches = opened(show("Color", "color")).get_by_role("button")
    expect(swatches).to_have_count(6)
    names = [it.get_attribute("aria-label") for it in swatches.all()]
    assert names == ["#000030", "#000080", "#000070", "#000060", "#000050", "#000040"]
    swatches.nth(1).click()
    board.api.wait_for("color", {"hue": 240, "sat": 100, "bri": 50.2})


@pytest.mark.parametrize("kept", ["{", "red;x:url(y) #0f0", " "])
def test_what_a_browser_kept_can_be_anything(board, page, show, kept):
    page.evaluate("kept => (localStorage.colors = kept)", kept)
    palette = opened(show("Color", "color"))
    expect(palette.get_by_role("button")).to_have_count(1 if "#0f0" in kept else 0)
    expect(palette.get_by_role("slider")).to_be_visible()


def test_palette_closes_and_gives_the_focus_back(page, palette):
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    page.keyboard.press("Enter")
    expect(palette).to_be_visible()


def test_light_that_cannot_be_written_has_no_palette(board, show):
    expect(show("ColoredLight", "lightSeen").get_by_role("button")).to_have_count(0)
