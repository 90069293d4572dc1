"""Attacks of web pages, and by what layouts and options may hold: nothing runs, nothing is loaded."""

import http.server
import json
import re
import shutil
import threading
from urllib.error import HTTPError

import pytest
from playwright.sync_api import expect
from widget_board import WidgetBoard, card, widget

from tools import web

SCRIPT = """
from sideboard import ArduinoCloudClient, Color, ColoredLight, DimmedLight, Location, Schedule, Television

write = lambda client, value: None
client = ArduinoCloudClient()
client.register("flag", value=False, on_write=write)
client.register("count", value=1, on_write=write)
client.register("level", value=1.5)
client.register("text", value="<img src=x onerror='window.hacked = 1'>", on_write=write)
client.register(Color("color", hue=10, sat=20, bri=30, on_write=write))
client.register(DimmedLight("dimmed", swi=False, bri=30, on_write=write))
client.register(ColoredLight("light", swi=False, hue=10, sat=20, bri=30, on_write=write))
client.register(Location("place", lat=46.5, lon=6.25))
client.register(Schedule("plan", frm=0, to=0, len=0, msk=0))
client.register(Television("tv", swi=False, vol=10, mut=False, pbc=7, inp=55, cha=3, on_write=write))
client.start()
"""
OPTIONS_SCRIPT = """
from sideboard import ArduinoCloudClient

write = lambda client, value: None
client = ArduinoCloudClient()


def register(name, value, options, **others):
    client.register(name, value=value, **others)
    client.records[name].options = (tuple(options),) + tuple(options.values())  # not judged


for i, attack in enumerate(%r):
    shown = {"title": attack, "unit": attack}
    register("gauge%%d" %% i, 1, dict(shown, min=attack, max=attack, step=attack))
    register("field%%d" %% i, "one", dict(shown, widget="Value"), on_write=write)
    values = [attack, {"value": 1, "label": attack}]
    register("list%%d" %% i, None, {"values": values}, type=float, on_write=write)
    register("kind%%d" %% i, 1, {"widget": attack, "values": attack}, on_write=write)
client.start()
"""
ELSEWHERE = "http://elsewhere.example/x.png"
ATTACKS = [
    '<img src=x onerror="window.hacked = 1">',
    {"innerHTML": '<img src=x onerror="window.hacked = 1">', "style": f"background: url({ELSEWHERE})"},
    {"textContent": "x", "outerHTML": '<img src=x onerror="window.hacked = 1">'},
    "javascript:window.hacked=1",
    f"url({ELSEWHERE})",
    f"red;background:url({ELSEWHERE})",
    f"url({ELSEWHERE}) var(--x)",
    {"toString": 1, "valueOf": 1},
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked = 1'/>",
    [["deep"], None, {}],
    -1e9,
]
TEXT = "note", "title", "unit", "src", "content", "text", "placeholder", "href", "style", "innerHTML", "url"
LATER = (
    "label",
    "icon",
    "trueText",
    "falseText",
    "trueColor",
    "falseColor",
    "interval",
    "range",
    "markersSettings",
)
NUMBERS = "min", "max", "step", "x", "y", "width", "height", "size", "decimals"
OTHERS = "color", "background", "onclick", "variables", "type", "writable", "widget", "value", "name"
PLACES = [field + at for at in ("", "_mobile") for field in ("x", "y", "width", "height")]
NAMES = {"bool": "flag", "int": "count", "string": "text", "Color": "color", "DimmedLight": "dimmed",
         "ColoredLight": "light", "Location": "place", "Schedule": "plan", "Television": "tv"}  # fmt: skip
LINE = re.compile(r'^  (\w+): \[\w+(?:\("\w+"\))?(?:, (NUMBER|"\w+))?', re.M)
KINDS = {kind: NAMES.get((types or "").strip('"'), "count")
         for kind, types in LINE.findall((web.WEB / "widgets" / "index.js").read_text())}  # fmt: skip


@pytest.fixture(scope="module")
def board(chromium, tmp_path_factory):
    board = WidgetBoard(chromium, tmp_path_factory.mktemp("board"), SCRIPT, "host")
    yield board
    board.stop()


class Watched:
    """A page, and what happened on it that must not."""

    def __init__(self, board, page):
        self._page = page
        self._home = board.api.url
        self._seen = []
        page.on("request", lambda request: self._seen.append(request.url))
        page.on("dialog", lambda dialog: (self._seen.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self._seen.append(str(error)))
        page.add_init_script(
            "window.blocked = []; window.firstBlocked = new Promise(done => addEventListener("
            "'securitypolicyviolation', event => done(blocked.push(event.violatedDirective))))"
        )

    def nothing_happened(self):
        own = self._home, "data:", "blob:"
        assert [it for it in self._seen if not it.startswith(own)] == []
        assert self._page.evaluate("window.hacked") is None
        assert self._page.evaluate("window.blocked") == []
        addresses = self._page.locator("[href], [src], iframe, object, embed, script[src]").evaluate_all(
            "all => all.map(it => it.href ?? it.src ?? it.tagName)"
        )
        own = *own, "https://www.openstreetmap.org/"
        assert [it for it in addresses if not it.startswith(own)] == []
        handlers = (
            "all => all.flatMap(it => [...it.attributes]).filter(it => /^on|srcdoc/.test(it.name)).length"
        )
        assert self._page.locator("*").evaluate_all(handlers) == 0
        styles = "all => all.map(it => it.getAttribute('style')).filter(it => /url|elsewhere/.test(it))"
        assert self._page.locator("[style]").evaluate_all(styles) == []


def lay_out(board, layout):
    """Puts a dashboard.json onto the flash, as it is: the board refuses some of these."""
    text = layout if isinstance(layout, str) else json.dumps(layout)
    (board.flash / "dashboard.json").write_text(text)


def hostile_widget(kind, attack, variable):
    options = dict.fromkeys((*TEXT, *LATER, *NUMBERS, *OTHERS), attack)
    marker = dict.fromkeys(("property", "x", "y", "label", "icon", "color", "style"), attack)
    if kind == "ImageMap":
        options["markersSettings"] = [attack, {**marker, "property": f"thing:{variable[0]['name']}"}, marker]
    options["values"] = [attack, {"value": attack, "label": attack}]
    options["thresholds"] = [attack, {"value": attack, "color": attack}, {"value": -1, "color": attack}]
    places = dict.fromkeys(PLACES, attack)
    return {
        **places,
        "type": kind,
        "name": attack,
        "page_id": attack,
        "variables": variable,
        "options": options,
    }


def try_everything(page):
    """Opens what unfolds, and the settings of each widget in the editor; exports."""
    page.locator("summary").evaluate_all("all => all.forEach(it => it.click())")
    page.get_by_role("button", name="Edit").click()
    editor = page.get_by_role("complementary", name="Editor")
    handles = page.locator("button.handle")
    expect(handles).to_have_count(page.locator("section").count())
    handles.evaluate_all("all => all.forEach(it => it.click())")
    with page.expect_download() as download:
        editor.get_by_role("button", name="Export").click()
    return json.loads(download.value.path().read_text())


# Without its policy, too: that is a second wall.
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda it: json.dumps(it)[:40])
def test_every_field_and_option_of_every_widget_is_only_shown(board, attack):
    widgets = [hostile_widget(kind, attack, [{"name": name}]) for kind, name in KINDS.items()]
    widgets += [hostile_widget(attack, attack, []), hostile_widget("Gauge", attack, attack)]
    widgets += [hostile_widget(kind, attack, [{"name": attack, "variable_id": attack}]) for kind in KINDS]
    assert len(KINDS) == 26
    pages = [{"id": attack, "name": attack, "position": attack}, {"id": "1", "name": attack}, attack]
    for layout in {"name": attack, "widgets": widgets}, {"widgets": widgets[:3], "pages": pages}:
        lay_out(board, layout)
        with board.page(bypass_csp=True) as page:
            watched = Watched(board, page)
            board.visit(page)
            count = 3 if "pages" in layout else len(widgets)
            expect(page.locator("section")).to_have_count(count)
            watched.nothing_happened()
            exported = try_everything(page)
            assert len(exported["widgets"]) == len(layout["widgets"])
            watched.nothing_happened()


def test_every_option_of_every_variable_is_only_shown(chromium, tmp_path):
    board = WidgetBoard(chromium, tmp_path, OPTIONS_SCRIPT % (ATTACKS,), "host")
    with board.page(bypass_csp=True) as page:
        watched = Watched(board, page)
        board.visit(page)
        expect(page.locator("section")).to_have_count(4 * len(ATTACKS))
        watched.nothing_happened()
        try_everything(page)
        watched.nothing_happened()
    board.stop()


def test_everything_works_under_the_pages_policy(board):
    widgets = [widget(kind, name) for kind, name in KINDS.items()]
    board.save([*widgets, widget("Image", src="plan.png", title="Plan"), widget("Gauge", "count", thresholds=[
        {"value": 0, "color": "hsl(120deg 50% 50% / .5)"}])])  # fmt: skip
    with board.page() as page:
        watched = Watched(board, page)
        board.visit(page)
        expect(card(page, "Plan").get_by_role("img")).to_have_js_property("naturalWidth", 16)
        assert page.locator("[rel=manifest]").get_attribute("href").startswith("data:")
        card(page, "Switch").get_by_role("switch").click()
        board.api.wait_for("flag", True)
        try_everything(page)
        editor = page.get_by_role("complementary", name="Editor")
        assert editor.evaluate("it => getComputedStyle(it).position") == "sticky"
        editor.get_by_role("button", name="Save").click()
        expect(editor).to_have_count(0)
        watched.nothing_happened()


# An address that would say more in a policy than where an image is from.
INTO_POLICY = [
    "http://elsewhere.example;script-src 'none'/x.png",
    "http://elsewhere.example;connect-src/x.png",
    "http://* http://elsewhere.example/x.png",
    "https:",
    "http://*/x.png",
]


@pytest.mark.parametrize("src", INTO_POLICY)
def test_address_of_an_image_is_no_word_of_the_policy(board, src):
    board.save(
        [widget("Image", src=src, title="Plan"), widget("ColoredLight", "light"), widget("Map", "place")]
    )
    with board.page() as page:
        Watched(board, page)
        board.visit(page)
        expect(card(page, "Plan")).to_contain_text("cannot be loaded")
        expect(card(page, "Map").get_by_role("link")).to_be_visible()
        policies = page.locator("meta[http-equiv=Content-Security-Policy]")
        assert policies.last.get_attribute("content").split() == ["img-src", "'self'", "data:"]
        assert set(page.evaluate("window.blocked")) <= {"img-src"}
    board.forget_layout()


INJECTED = {
    "script-src-attr": "body.insertAdjacentHTML('beforeend', '<img src=data:, onerror=\"hacked = 1\">')",
    "script-src-elem": "body.append(Object.assign(document.createElement('script'), {text: 'hacked = 1'}))",
    "style-src-elem": "body.append(Object.assign(document.createElement('style'), {textContent: '*{}'}))",
    "img-src": f"body.append(Object.assign(new Image(), {{src: '{ELSEWHERE}'}}))",
    "connect-src": f"fetch('{ELSEWHERE}').catch(() => {{}})",
    "frame-src": f"body.append(Object.assign(document.createElement('iframe'), {{src: '{ELSEWHERE}'}}))",
    "base-uri": f"body.append(Object.assign(document.createElement('base'), {{href: '{ELSEWHERE}'}}))",
    "form-action": "body.append(Object.assign(document.createElement('form'), {action: '/x'})); "
    "body.lastChild.submit()",
}


@pytest.mark.parametrize("directive", INJECTED)
def test_policy_stops_what_would_be_injected(board, directive):
    with board.page() as page:
        Watched(board, page)
        board.visit(page)
        page.evaluate(f"() => {{ const {{ body }} = document; {INJECTED[directive]} }}")
        page.evaluate("() => window.firstBlocked")
        assert page.evaluate("window.blocked") == [directive]
        assert page.evaluate("window.hacked") is None


ONE = {"type": "LED", "name": "Lamp", "variables": [{"variable_id": "flag"}]}
# A layout, whether the board takes it, and what the page says of it.
LAYOUTS = [
    ('{"widgets": [', False, "not a dashboard"),
    ("null", False, "not a dashboard"),
    ("7", False, "not a dashboard"),
    ({"widgets": {}}, False, "not a dashboard"),
    ({"widgets": "LED"}, False, "not a dashboard"),
    ({"widgets": None}, False, "not a dashboard"),
    ({"widgets": [None]}, False, "unknown widget null"),
    ({"widgets": [7, ONE]}, False, "unknown widget 7"),
    ({"widgets": ["LED"]}, False, 'unknown widget "LED"'),
    ({"widgets": [[ONE]]}, False, "unknown widget [{"),
    ({"widgets": [{**ONE, "variables": 5}]}, False, "no variable 5"),
    ({"widgets": [{**ONE, "variables": "flag!"}]}, False, "no variable flag!"),
    ({"widgets": [{**ONE, "variables": {"a": 1}}]}, False, 'no variable {"a":1}'),
    ({"widgets": [{**ONE, "variables": [None]}]}, False, "no variable null"),
    ({"widgets": [{**ONE, "variables": [{}]}]}, True, "no variable {}"),
    ({"widgets": [{**ONE, "variables": [{"name": {"a": 1}}]}]}, True, 'no variable {"a":1}'),
    ({"widgets": [{**ONE, "variables": None}]}, True, "Lamp"),
    ({"widgets": [{**ONE, "type": "Hologram"}]}, True, "unknown widget Hologram"),
    ({"widgets": [{**ONE, "type": {"a": 1}}]}, True, 'unknown widget {"a":1}'),
    ({"widgets": [{**ONE, "type": ["LED"]}]}, True, 'unknown widget ["LED"]'),
    ({"widgets": [{**ONE, "type": "toString"}]}, True, "unknown widget toString"),
    ({"widgets": [{**ONE, "name": [1, {"a": None}]}]}, True, '[1,{"a":null}]'),
    ({"widgets": [{**ONE, "options": 7}]}, True, "Lamp"),
    ({"widgets": [{**ONE, "options": [1]}]}, True, "Lamp"),
    ({"widgets": [{}]}, True, ""),
    ({"widgets": [ONE], "pages": 7}, True, "Lamp"),
    ({"widgets": [ONE], "pages": [None, {}, "x"]}, True, "Lamp"),
    ({"widgets": [{**ONE, "page_id": {"a": 1}}], "pages": [{"name": "One"}, {"name": "Two"}]}, True, "Lamp"),
    ({"widgets": [ONE], "pages": [{"id": 1, "position": "x"}, {"id": 1, "position": {}}]}, True, "Lamp"),
    ({"widgets": [{**ONE, **dict.fromkeys(PLACES, 1e9)}, ONE]}, True, "Lamp"),
    ({"widgets": [{**ONE, **dict.fromkeys(PLACES, 1.5)}, ONE]}, True, "Lamp"),
    ({"widgets": [{**ONE, **dict.fromkeys(PLACES, -3)}, ONE]}, True, "Lamp"),
    ({"widgets": [{**ONE, **dict.fromkeys(PLACES, "wide")}, ONE]}, True, "Lamp"),
    ({"widgets": [{**ONE, **dict.fromkeys(PLACES, {})}, ONE]}, True, "Lamp"),
    ('{"widgets": [{"name": "Lamp", "x": 1e999, "width": -1e999}], "name": 5}', True, "Lamp"),
    ('{"widgets": [], "deep": ' + "[" * 500 + "]" * 500 + "}", True, ""),
    ({"widgets": [], "name": {"a": 1}, "pages": []}, True, '{"a":1}'),
]


# The first one, again and again: each time they are made anew.
REMOVE = """all => {
  for (const _ of all) {
    document.querySelector(".handle").dispatchEvent(new KeyboardEvent("keydown", { key: "Delete" }));
  }
}"""


@pytest.mark.parametrize(("layout", "taken", "text"), LAYOUTS, ids=lambda it: json.dumps(it)[:60])
def test_broken_layout_is_shown_and_repaired_in_the_editor(board, layout, taken, text):
    before = layout if isinstance(layout, str) else json.dumps(layout)
    board.forget_layout()
    status, answer = put(board, before)
    assert (status, "a layout is JSON" in str(answer)) == ((200, False) if taken else (400, True))
    lay_out(board, layout)
    with board.page() as page:
        watched = Watched(board, page)
        board.visit(page)
        expect(page.locator("body")).to_contain_text(text)
        box = page.locator(".grid").bounding_box()
        assert box["width"] < 2000 and box["height"] < 100_000
        page.get_by_role("button", name="Edit").click()
        editor = page.get_by_role("complementary", name="Editor")
        expect(editor).to_be_visible()
        handles = page.locator("button.handle")
        expect(handles).to_have_count(page.locator("section").count())
        handles.evaluate_all(REMOVE)
        expect(handles).to_have_count(0)
        editor.get_by_role("button", name="Add widget").click()
        expect(handles).to_have_count(1)
        editor.get_by_role("button", name="Save").click()
        expect(editor).to_have_count(0)
        assert len(board.api.get("/api/dashboard")["widgets"]) == 1
        expect(page.locator("section")).to_have_count(1)
        watched.nothing_happened()
    board.forget_layout()


def put(board, text):
    try:
        return board.put_layout(text.encode()), None
    except HTTPError as error:
        return error.code, error.read()


def test_unknown_type_is_kept_by_edit_and_export(board):
    options = {"sides": {"a": [1, {"b": None}]}, "unit": "m"}
    board.save(
        [{**widget("Holo Gram", "flag", title="Unknown", **options), "x": 0, "y": 0, "width": 4, "height": 4}]
    )
    with board.page() as page:
        exported = try_everything(page)["widgets"]
        page.get_by_label("title", exact=True).fill("Still unknown")
        page.get_by_role("button", name="Save").click()
        expect(card(page, "Still unknown")).to_contain_text("unknown widget Holo Gram")
    for one in exported[0], board.api.get("/api/dashboard")["widgets"][0]:
        assert one["type"] == "Holo Gram" and one["options"] == options
    board.forget_layout()


@pytest.fixture(scope="module")
def elsewhere():
    """The port of another server, whose pages are empty."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "15")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


# What a page got by fetch: the status and the text, or "nothing".
FETCH = """([url, options]) => fetch(url, options).then(async answer => [answer.status, await answer.text()])
  .catch(() => "nothing")"""
SOCKET = """url => new Promise(done => {
  const socket = new WebSocket(url);
  socket.onmessage = () => done("heard");
  socket.onclose = () => done("closed");
})"""
FRAME = """url => new Promise(done => {
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: url, width: 600, height: 400, style: "opacity: .01", onload: done });
  document.body.append(frame);
}).then(() => {})"""
WRITES = [("PUT", "/api/variables/flag", "true"), ("DELETE", "/api/dashboard", None),
          ("PUT", "/api/dashboard", '{"widgets": []}')]  # fmt: skip


@pytest.fixture
def untouched(board):
    """The board has the same value and layout afterwards."""
    board.put("flag", False)
    board.save([widget("Switch", "flag", title="Mine")])
    yield
    assert board.api.value("flag") is False
    assert board.api.get("/api/dashboard")["widgets"][0]["name"] == "Mine"
    board.forget_layout()


def test_page_from_elsewhere_neither_reads_nor_writes(chromium, board, elsewhere, untouched):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{elsewhere}/")
        for method, path, body in [*WRITES, ("GET", "/api/variables", None), ("GET", "/api/dashboard", None)]:
            for mode in "cors", "no-cors":
                answer = page.evaluate(
                    FETCH, [board.api.url + path, {"method": method, "body": body, "mode": mode}]
                )
                assert answer in ("nothing", [0, ""]), (method, path, mode)
        post = {"method": "POST", "body": "true", "mode": "no-cors"}  # which asks nobody before
        assert page.evaluate(FETCH, [board.api.url + "/api/variables/flag", post]) == [0, ""]
        assert page.evaluate(SOCKET, board.api.url.replace("http", "ws") + "/ws") == "closed"


def test_name_that_is_not_the_boards_is_of_no_use(chromium, board, elsewhere, untouched):
    """Rebinding: a page of evil.example, whose name then leads to the board."""
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=[
            "--no-sandbox",
            "--disable-background-networking",
            "--host-resolver-rules=MAP evil.example 127.0.0.1",
        ],
    )
    try:
        page = browser.new_page()
        home = f"http://evil.example:{board.api.port}"
        assert page.goto(home).status == 421
        assert page.locator("section, script").count() == 0
        for method, path, body in [*WRITES, ("GET", "/api/variables", None), ("GET", "/", None)]:
            status, text = page.evaluate(FETCH, [home + path, {"method": method, "body": body}])
            assert status == 421 and "not called evil.example" in text
        assert page.evaluate(SOCKET, home.replace("http", "ws") + "/ws") == "closed"
        page.goto(f"http://evil.example:{elsewhere}/")
        assert page.evaluate(FETCH, [home + "/api/variables", {}]) == "nothing"
    finally:
        browser.close()


def test_page_in_a_foreign_frame_is_not_shown(chromium, board, elsewhere, untouched):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{elsewhere}/")
        page.evaluate(FRAME, board.api.url + "/")
        assert page.frames[1].url == "chrome-error://chromewebdata/"
        assert page.frames[1].locator("[role=switch], section").count() == 0
        for x in range(30, 600, 90):
            page.mouse.click(x, 150)
