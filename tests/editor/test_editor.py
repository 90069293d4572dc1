"""The editor on the board's page, by pointer, touch and keys alone; what it saves and what it exports."""

import json
import time

import pytest
from engines import expect
from sideboard.options import WIDGETS
from widget_board import SECRETS, WidgetBoard, card, widget

from tools import ROOT
from tools.local import Board
from tools.processes import free_port
from tools.template import board as to_board
from tools.template import cloud
from tools.template.form import CLOUD_TYPES, checked
from tools.template.reading import read

GREENHOUSE = ROOT / "tests" / "shared" / "greenhouse.yaml"
SCRIPT = """
import logging
from sideboard import ArduinoCloudClient, ColoredLight

logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
write = lambda client, value: None
client.register("pump", value=False, on_write=write)
client.register("fan", value=40, on_write=write, min=0, max=50, unit="rpm")
client.register("level", value=1.5)
client.register("log", value="hello", on_write=write)
client.register(ColoredLight("light", swi=True, hue=120, sat=90, bri=80, on_write=write))
client.start()
"""
PUMP = {**widget("Switch", "pump", title="Pump", color="red"), "x": 0, "y": 0, "width": 4, "height": 4}
FAN = {**widget("Slider", "fan", title="Fan", min=0, max=50), "x": 4, "y": 0, "width": 6, "height": 4}
LEVEL = {**widget("Gauge", "level", title="Level"), "x": 0, "y": 4, "width": 4, "height": 4}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def board(browser, tmp_path_factory):
    board = WidgetBoard(browser, tmp_path_factory.mktemp("board"), SCRIPT)
    yield board
    board.stop()


@pytest.fixture
def editing(board):
    """Opens the page of a layout, or of none, in a browser of its own, and begins to edit."""
    opened = []

    def edit(*widgets, options=None, **layout):
        board.save(widgets, **layout) if widgets else board.forget_layout()
        context = board.page(**{"viewport": WIDE, **(options or {})})
        opened.append(context)
        page = context.__enter__()
        begin(page)
        return page

    yield edit
    for context in opened:
        context.__exit__(None, None, None)


def begin(page):
    page.get_by_role("button", name="Edit").click()
    expect(editor(page).get_by_label("dashboard")).to_be_focused()


def editor(page):
    return page.get_by_role("complementary", name="Editor")


def command(page, name):
    return editor(page).get_by_role("button", name=name, exact=True)


def handle(page, title):
    return card(page, title).locator("button.handle")


def setting(page, name):
    return editor(page).get_by_label(name, exact=True)


def enter(page, name, text):
    setting(page, name).fill(text)
    setting(page, name).press("Enter")


def news(page, text):
    expect(editor(page).locator("[aria-live]")).to_have_text(text)


def save(page, board):
    """Saves; returns the dashboard.json that the board has then."""
    command(page, "Save").click()
    expect(editor(page)).to_have_count(0)
    return board.api.get("/api/dashboard")


def place(widget, at=""):
    return [widget[name + at] for name in ("x", "y", "width", "height")]


def drag(page, element, cells, columns=24):
    """Drags the element so many grid cells to the right and down."""
    cell = page.locator(".grid").bounding_box()["width"] / columns
    box = element.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + cells[0] * cell, y + cells[1] * cell, steps=5)
    page.mouse.up()


def test_a_dragged_widget_keeps_its_new_place_and_what_is_in_its_way_goes_down(editing, board):
    page = editing(PUMP, FAN, LEVEL)
    drag(page, handle(page, "Fan"), (-3, 2))
    news(page, "Fan: column 2, row 3, 6 × 4")
    pump, fan, level = save(page, board)["widgets"]
    assert (place(pump), place(fan), place(level)) == ([0, 6, 4, 4], [1, 2, 6, 4], [0, 10, 4, 4])
    box, grid = card(page, "Fan").bounding_box(), page.locator(".grid").bounding_box()
    assert round((box["x"] - grid["x"]) / grid["width"] * 24) == 1


def test_what_was_only_passed_by_comes_back(editing, board):
    page = editing(PUMP, FAN, LEVEL)
    for _ in range(8):
        handle(page, "Pump").press("ArrowDown")
    pump, _, level = save(page, board)["widgets"]
    assert (place(pump), place(level)) == ([0, 8, 4, 4], [0, 4, 4, 4])


def test_a_corner_drags_the_size_and_the_grid_ends_it(editing, board):
    page = editing(PUMP, FAN)
    drag(page, handle(page, "Fan").locator("b"), (30, 3))
    drag(page, handle(page, "Pump").locator("b"), (-9, -9))
    pump, fan = save(page, board)["widgets"]
    assert (place(pump), place(fan)) == ([0, 0, 1, 1], [4, 0, 20, 7])


@pytest.mark.parametrize("width", [320, 390])
def test_editor_leaves_a_phone_most_of_its_screen(editing, width):
    page = editing(PUMP, FAN, LEVEL, options={"viewport": {"width": width, "height": 640}})

    def part():
        return editor(page).evaluate("it => it.offsetHeight / innerHeight")

    assert part() < 0.3
    handle(page, "Fan").click()
    expect(setting(page, "title")).to_have_value("Fan")
    assert part() <= 0.45
    for name in "Add widget", "Cancel", "Save":  # on one line, and Save is there without scrolling to it
        command(page, name).focus()
        expect(command(page, name)).to_be_in_viewport(ratio=1)
        expect(command(page, "Save")).to_be_in_viewport(ratio=1)
    command(page, "Cancel").click()
    expect(editor(page)).to_have_count(0)


def test_keys_alone_move_resize_retitle_remove_and_save(editing, board):
    page = editing(PUMP, FAN, LEVEL)
    command(page, "Cancel").press("Enter")
    page.get_by_role("button", name="Edit").press("Enter")
    handle(page, "Pump").focus()
    page.keyboard.press("Tab")
    expect(handle(page, "Fan")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    news(page, "Fan: column 6, row 2, 6 × 4")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    news(page, "Fan: column 6, row 2, 7 × 3")
    expect(handle(page, "Fan")).to_have_accessible_name("Fan, column 6, row 2, 7 × 3")
    page.keyboard.press("Enter")
    expect(setting(page, "title")).to_be_focused()
    page.keyboard.type("Speed")
    page.keyboard.press("Tab")
    expect(setting(page, "type")).to_be_focused()
    page.keyboard.press("Escape")
    expect(handle(page, "FanSpeed")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Delete")
    news(page, "Level removed")
    expect(handle(page, "FanSpeed")).to_be_focused()
    command(page, "Save").press("Enter")
    expect(page.get_by_role("button", name="Edit")).to_be_focused()
    _, fan = board.api.get("/api/dashboard")["widgets"]
    assert (fan["name"], place(fan)) == ("FanSpeed", [5, 1, 7, 3])


@pytest.mark.engines("chromium")
def test_on_a_touch_screen_a_finger_scrolls_until_the_widget_is_selected(editing, board):
    page = editing(PUMP, FAN, options={"viewport": {"width": 390, "height": 500}, "has_touch": True})
    touch = page.context.new_cdp_session(page)

    def swipe(title, cells):
        box = handle(page, title).bounding_box()
        x, y = box["x"] + 30, box["y"] + 40
        for step in range(9):
            at = {"x": x + cells[0] * step * 11, "y": y + cells[1] * step * 11}
            kind = "touchMove" if step else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe("Pump", (0, 1))
    expect(handle(page, "Pump")).to_have_attribute("aria-pressed", "false")
    handle(page, "Pump").tap()
    expect(handle(page, "Pump")).to_have_attribute("aria-pressed", "true")
    swipe("Pump", (1, 0))
    pump = save(page, board)["widgets"][0]
    assert (place(pump, "_mobile"), place(pump)) == ([1, 0, 2, 2], [0, 0, 4, 4])


def test_phones_and_desktops_have_places_of_their_own(editing, board):
    page = editing({**PUMP, "x_mobile": 0, "y_mobile": 0, "width_mobile": 2, "height_mobile": 2})
    handle(page, "Pump").press("ArrowRight")
    page.set_viewport_size({"width": 320, "height": 700})
    expect(handle(page, "Pump")).to_have_accessible_name("Pump, column 1, row 1, 2 × 2")
    handle(page, "Pump").press("Shift+ArrowRight")
    handle(page, "Pump").press("ArrowDown")
    news(page, "Pump: column 1, row 2, 3 × 2")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    (pump,) = save(page, board)["widgets"]
    assert (place(pump), place(pump, "_mobile")) == ([1, 0, 4, 4], [0, 1, 3, 2])


def test_a_type_takes_only_the_variables_that_fit(editing, board):
    page = editing(FAN)
    handle(page, "Fan").click()
    types = setting(page, "type").locator("option")
    assert "Slider (int, float)" in types.all_text_contents()
    expect(setting(page, "type").get_by_role("option", name="Television")).to_be_disabled()
    assert setting(page, "variable").locator("option").all_text_contents() == ["fan", "level"]
    setting(page, "type").select_option("Stepper")
    expect(card(page, "Fan").locator(".Stepper")).to_be_visible()
    setting(page, "type").select_option("Messenger")
    expect(setting(page, "variable")).to_have_value("log")
    (fan,) = save(page, board)["widgets"]
    assert (fan["type"], fan["variables"]) == ("Messenger", [{"thing_id": "thing", "variable_id": "log"}])


def test_options_are_set(editing, board):
    page = editing(FAN)
    handle(page, "Fan").click()
    for name, text in {"min": "-5", "max": "20.5", "step": "0.5", "unit": "°C"}.items():
        enter(page, name, text)
    command(page, "Add widget").click()
    setting(page, "type").select_option("ValueDropdown")
    enter(page, "values", "0=off, 1=on, 7")
    command(page, "Add widget").click()
    setting(page, "type").select_option("StickyNote")
    setting(page, "text").fill("# Now\n- *water*")
    fan, choice, note = save(page, board)["widgets"]
    assert fan["options"] == {"min": -5, "max": 20.5, "step": 0.5, "unit": "°C"}
    assert choice["options"]["values"] == [{"value": 0, "label": "off"}, {"value": 1, "label": "on"}, 7]
    assert (note["type"], note["options"]["text"]) == ("StickyNote", "# Now\n- *water*")
    assert not note.get("variables")


def test_options_of_later_widgets_are_set(editing, board):
    markers = [{"property": "thing:level", "x": 1, "y": 2, "icon": "kept"}]
    kept = [{"value": 0, "color": "blue", "name": "kept"}]
    page = editing(
        {**LEVEL, "options": {"thresholds": kept}},
        {
            **widget("ImageMap", "level", title="Plan", markersSettings=markers),
            "x": 9,
            "y": 9,
            "width": 4,
            "height": 4,
        },
        widget("LED", "pump", title="Go"),
    )
    handle(page, "Level").click()
    expect(setting(page, "thresholds")).to_have_value("0=blue")
    enter(page, "thresholds", "0=rgb(1, 2, 3), 20=red=☀")
    handle(page, "Plan").click()
    expect(setting(page, "pins")).to_have_value("thing:level=1=2")
    enter(page, "pins", "thing:level=5=2, pump=50=7.5=Pump")
    enter(page, "src", "plan.png")
    setting(page, "variable 2").select_option("pump")
    handle(page, "Go").click()
    setting(page, "type").select_option("Link")
    enter(page, "url", "https://example.org/")
    enter(page, "label", "Read")
    command(page, "Add widget").click()
    setting(page, "type").select_option("Image")
    enter(page, "src", "yard.png")
    enter(page, "interval", "2.5")
    level, plan, link, image = save(page, board)["widgets"]
    assert level["options"] == {
        "thresholds": [
            {"value": 0, "color": "rgb(1, 2, 3)", "name": "kept"},
            {"value": 20, "color": "red", "icon": "☀"},
        ]
    }
    assert plan["options"] == {
        "src": "plan.png",
        "markersSettings": [
            {"property": "thing:level", "x": 5, "y": 2, "icon": "kept"},
            {"property": "pump", "x": 50, "y": 7.5, "label": "Pump"},
        ],
    }
    assert [it["variable_id"] for it in plan["variables"]] == ["level", "pump"]
    assert (link["options"], link["variables"]) == ({"url": "https://example.org/", "label": "Read"}, [])
    assert (image["type"], image["options"]) == ("Image", {"src": "yard.png", "interval": 2.5})


@pytest.mark.engines("chromium")
def test_pins_of_an_image_map_are_exported_with_the_placeholder_of_their_thing(editing, tmp_path):
    markers = [
        {"property": "level", "x": 1},
        {"property": "yard:pump", "x": 2},
        {"property": "other", "x": 3},
    ]
    one = widget("ImageMap", "level", title="Plan", markersSettings=markers)
    one["variables"].append({"thing_id": "yard", "variable_id": "pump"})
    page = editing(one)
    exported = export(page, tmp_path)
    (there,) = json.loads(exported.read_text())["widgets"]
    assert [it["property"] for it in there["options"]["markersSettings"]] == [
        "thing:level",
        "yard:pump",
        "other",
    ]
    source = {"widgets": [one]}
    assert (
        cloud.template(checked(source, "file", pytest.fail), None, "file")[0]["widgets"][0]["options"]
        == there["options"]
    )


def test_another_type_keeps_the_options_that_it_knows_and_undo_brings_the_others_back(editing, board):
    page = editing(FAN, widget("StickyNote", title="Hint", text="# Water", content="# Water", frameless=True))
    handle(page, "Fan").click()
    setting(page, "type").select_option("Gauge")
    handle(page, "Hint").click()
    setting(page, "type").select_option("Gauge")
    fan, hint = save(page, board)["widgets"]
    assert fan["options"] == {"min": 0, "max": 50} and not hint["options"]
    begin(page)
    handle(page, "Hint").click()
    setting(page, "type").select_option("StickyNote")
    setting(page, "text").fill("# Cut")
    setting(page, "text").blur()
    setting(page, "type").select_option("Value")
    command(page, "Undo").click()
    expect(setting(page, "text")).to_have_value("# Cut")


def test_an_added_widget_shows_what_was_not_shown_and_has_a_free_place(editing, board):
    page = editing(PUMP, FAN)
    command(page, "Add widget").press("Enter")
    news(page, "level added")
    expect(setting(page, "title")).to_be_focused()
    setting(page, "type").select_option("AdvancedChart")
    setting(page, "variable 2").select_option("fan")
    enter(page, "title", "Both")
    _, _, added = save(page, board)["widgets"]
    assert (added["type"], added["name"], place(added)[:2]) == ("AdvancedChart", "Both", [10, 0])
    assert [it["variable_id"] for it in added["variables"]] == ["level", "fan"]


def test_removed_by_its_button_and_brought_back_by_undo(editing, board):
    page = editing(PUMP, FAN)
    handle(page, "Pump").click()
    command(page, "Remove").click()
    expect(card(page, "Pump")).to_have_count(0)
    handle(page, "Fan").press("ArrowRight")
    handle(page, "Fan").press("Control+z")
    expect(handle(page, "Fan")).to_be_focused()
    command(page, "Undo").click()
    expect(card(page, "Pump")).to_be_visible()
    command(page, "Undo").click()
    news(page, "Nothing to undo")
    assert save(page, board)["widgets"] == [PUMP, FAN]


def test_pages_are_added_renamed_filled_and_removed(editing, board):
    page = editing(PUMP, FAN, name="Lamp")
    command(page, "Add page").click()
    enter(page, "page", "Second")
    expect(page.get_by_role("tab", name="Second", selected=True)).to_be_visible()
    page.get_by_role("tab", name="Main").click()
    handle(page, "Fan").click()
    setting(page, "page").select_option("Second")
    expect(handle(page, "Fan")).to_be_focused()
    expect(page.get_by_role("tab", name="Second", selected=True)).to_be_visible()
    command(page, "Done").click()
    command(page, "Add page").click()
    expect(page.get_by_role("tab")).to_have_count(3)
    command(page, "Remove page").click()
    saved = save(page, board)
    assert [(it["id"], it["name"], it["position"]) for it in saved["pages"]] == [
        ("0", "Main", 0),
        ("page-2", "Second", 1),
    ]
    assert [(it["name"], it["page_id"]) for it in saved["widgets"]] == [("Pump", "0"), ("Fan", "page-2")]


def test_the_automatic_dashboard_is_where_to_begin_and_to_return(editing, board):
    page = editing()
    expect(page.locator("section")).to_have_count(5)
    enter(page, "dashboard", "Mine")
    handle(page, "pump").press("ArrowRight")
    saved = save(page, board)
    assert saved["name"] == "Mine"
    types = [it["type"] for it in saved["widgets"]]
    assert types == ["Switch", "Slider", "Value", "Messenger", "ColoredLight"]
    assert saved["widgets"][1]["options"] == {"min": 0, "max": 50, "unit": "rpm"}
    assert all(it["width"] and it["x"] >= 0 for it in saved["widgets"])
    expect(page.locator(".placed")).to_be_visible()
    begin(page)
    page.once("dialog", lambda dialog: dialog.accept())
    command(page, "Automatic").click()
    expect(page.locator(".placed")).to_have_count(0)
    expect(page.locator("section")).to_have_count(5)
    assert not (board.flash / "dashboard.json").exists()


def test_cancel_asks_when_something_was_changed_and_saves_nothing(editing, board):
    page = editing(PUMP)
    handle(page, "Pump").press("ArrowRight")
    page.once("dialog", lambda dialog: dialog.dismiss())
    command(page, "Cancel").click()
    expect(editor(page)).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    command(page, "Cancel").click()
    expect(editor(page)).to_have_count(0)
    expect(page.locator(".handle")).to_have_count(0)
    assert board.api.get("/api/dashboard")["widgets"] == [PUMP]


def test_while_editing_widgets_show_values_and_do_not_act(editing, board):
    page = editing(PUMP)
    box = card(page, "Pump").locator("[role=switch]").bounding_box()
    page.mouse.click(box["x"] + 9, box["y"] + 9)
    expect(handle(page, "Pump")).to_have_attribute("aria-pressed", "true")
    board.put("fan", 1)
    assert board.api.value("pump") is False
    board.put("pump", True)
    expect(card(page, "Pump").locator("[aria-checked=true]")).to_be_visible()
    command(page, "Cancel").click()
    card(page, "Pump").get_by_role("switch").click()
    expect(card(page, "Pump").get_by_role("switch")).to_have_attribute("aria-checked", "false")


@pytest.mark.engines("chromium")
@pytest.mark.parametrize("answer", [None, {"status": 400, "body": '{"error": "no room left"}'}])
def test_when_saving_fails_it_is_said_and_nothing_is_lost(editing, board, answer):
    page = editing(PUMP)
    handle(page, "Pump").press("ArrowRight")

    def refuse(route):
        if route.request.method == "GET":
            route.continue_()
        elif answer:
            route.fulfill(**answer)
        else:
            route.abort()

    page.route("**/api/dashboard", refuse)
    command(page, "Save").click()
    reason = "no room left" if answer else "the board cannot be reached"
    alert = editor(page).get_by_role("alert")
    expect(alert).to_have_text(f"Not saved: {reason}. Your changes are still here.")
    page.unroute("**/api/dashboard")
    assert place(save(page, board)["widgets"][0]) == [1, 0, 4, 4]


def test_another_page_shows_what_was_saved_at_once(editing, board):
    one = editing(PUMP)
    with board.page() as two:
        enter(one, "dashboard", "Ours")
        handle(one, "Pump").click()
        enter(one, "title", "Well")
        command(one, "Save").click()
        expect(card(two, "Well")).to_be_visible()
        expect(card(one, "Well")).to_be_visible()


@pytest.mark.engines("chromium")
def test_what_another_saved_meanwhile_is_not_overwritten_unasked(editing, board):
    page = editing(PUMP)
    handle(page, "Pump").press("ArrowRight")
    board.save([FAN])
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        command(page, "Save").click()
    assert asked.value.message == "The dashboard was changed elsewhere meanwhile. Overwrite that?"
    expect(handle(page, "Pump")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    assert place(save(page, board)["widgets"][0]) == [1, 0, 4, 4]


def document_of(file, tmp_path=None):
    """The file as the board's dashboard.json, by tools.template."""
    return json.loads(to_board.encode(checked(read(file), file, pytest.fail), pytest.fail))


def export(page, folder):
    with page.expect_download() as download:
        command(page, "Export").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def upload(page, file):
    with page.expect_file_chooser() as chooser:
        command(page, "Import").press("Enter")
    chooser.value.set_files(file)


@pytest.mark.engines("chromium")
def test_template_to_board_edited_exported_and_imported_again_is_the_same_dashboard(editing, board, tmp_path):
    source = document_of(GREENHOUSE)
    page = editing(*source["widgets"], name=source["name"], pages=source["pages"])
    drag(page, handle(page, "Beds"), (4, 0))
    handle(page, "Pump").click()
    enter(page, "title", "Well")
    exported = export(page, tmp_path)
    template, overrides = cloud.template(checked(read(exported), exported, pytest.fail), None, exported)
    assert json.loads(exported.read_text()) == template
    assert overrides == {"greenhouse": None}
    news(
        page,
        f"arduino-cloud-cli dashboard create --template {exported.name}"
        " --override greenhouse=ID-OF-THE-THING",
    )
    edited = save(page, board)
    assert edited["widgets"][3]["x"] == 20 and edited["widgets"][0]["name"] == "Well"
    assert document_of(exported) == edited
    begin(page)
    for title in "Well", "Fan":
        handle(page, title).press("Delete")
    upload(page, exported)
    news(page, f"{exported.name}: 26 widgets")
    assert save(page, board) == edited
    begin(page)
    upload(page, board.flash / "dashboard.json")
    news(page, "dashboard.json: 26 widgets")
    assert save(page, board) == edited


# Every option that the page knows, and others that it does not.
THRESHOLDS = [
    {"value": 5, "color": "rgb(1, 2, 3)", "icon": "☂", "note": [1]},
    {"value": -1.5, "color": "red"},
    7,
]
CHOICES = [{"value": 0, "label": "off", "color": "red"}, 1, "two"]
MARKERS = [{"property": "tank:pump", "x": 12.5, "y": 0, "label": "=", "icon": {"a": None}}, {"x": 1}, None]
OPTIONS = {
    "min": -5, "max": 0.5, "step": 0.25, "unit": "°C", "values": CHOICES, "thresholds": THRESHOLDS,
    "icon": "💧",
    "trueText": "shut", "falseText": "", "trueColor": "#123", "falseColor": None, "text": "# Now\n",
    "content": "x", "src": "http://example.org/a.png?b=1#c", "interval": 2.5, "markersSettings": MARKERS,
    "url": "#two", "label": "Go",
    "aggregation": {"tank:level": "AVG"}, "format": {"tank:level": "area"}, "axes": {"tank:level": "left"},
    "interpolation": "spline", "mode": "True / False", "deep": {"er": [{"est": [None, True, "\u2028"]}]},
}  # fmt: skip
AREA = {
    "x": 1,
    "y": 2,
    "width": 3,
    "height": 4,
    "x_mobile": 5,
    "y_mobile": 6,
    "width_mobile": 7,
    "height_mobile": 8,
}


def everything(kinds):
    """A dashboard of these widgets with every field and option, and one of an unknown type behind each."""
    widgets = [
        {
            "type": kind,
            "name": f"{kind} & <b>",
            **AREA,
            "page_id": "two",
            "variables": [{"thing_id": "tank", "variable_id": name} for name in ("pump", "level")],
            "options": OPTIONS,
        }
        for known in kinds
        for kind in (known, f"Holo {known}")
    ]
    pages = [
        {"id": "one", "name": "One", "position": 3},
        {"id": "two", "name": "Two", "position": 7, "icon": "sun"},
    ]
    return {"name": "Everything", "pages": pages, "widgets": widgets}


# As many as a board takes at once.
@pytest.mark.engines("chromium")
@pytest.mark.parametrize("part", range(7))
def test_every_field_of_every_widget_goes_there_and_back(editing, board, tmp_path, part):
    kinds = WIDGETS.split()[part::7]
    source = everything(kinds)
    page = editing(*source["widgets"], name=source["name"], pages=source["pages"])
    exported = export(page, tmp_path)
    assert save(page, board) == source
    template = json.loads(exported.read_text())
    assert template["pages"] == source["pages"]
    names = {kind.replace(" ", ""): kind for kind in CLOUD_TYPES}
    for there, here in zip(template["widgets"], source["widgets"], strict=True):
        assert there == {**here, "type": names.get(here["type"], here["type"])}
    notes = []
    dashboard = checked(read(exported), exported, notes.append)
    assert json.loads(to_board.encode(dashboard, notes.append)) == source
    assert len(notes) == len(kinds)  # the unknown types
    assert cloud.template(checked(source, "file", notes.append), None, "file")[0] == template

    page.get_by_role("tab", name="Two").click()
    begin(page)
    handle(page, f"Holo {kinds[0]} & <b>").press("Delete")
    upload(page, exported)
    news(page, f"{exported.name}: {len(source['widgets'])} widgets")
    assert save(page, board) == source


def test_an_unchanged_dashboard_is_saved_as_it_was(editing, board):
    source = document_of(GREENHOUSE)
    page = editing(*source["widgets"], name=source["name"], pages=source["pages"])
    assert save(page, board) == source


@pytest.mark.engines("chromium")
def test_a_widget_of_an_unknown_type_stays_as_it_is(editing, board, tmp_path):
    unknown = {**PUMP, "type": "Hologram", "name": "Ghost"}
    page = editing(unknown, FAN)
    handle(page, "Ghost").click()
    expect(setting(page, "type")).to_have_value("Hologram")
    assert json.loads(export(page, tmp_path).read_text())["widgets"][0]["type"] == "Hologram"
    assert save(page, board)["widgets"][0] == unknown


@pytest.mark.engines("chromium")
def test_export_names_no_thing_by_its_id_and_gives_every_widget_a_place(editing, tmp_path):
    thing = "2c9d6f63-0f0b-4a51-9a3e-6a7a3a1b5c01"
    page = editing(
        {"type": "PushButton", "name": "Pump", "variables": [{"thing_id": thing, "variable_id": "pump"}]},
        {"type": "Slider", "name": "Fan", "variables": [{"variable_id": "fan"}]},
    )
    template = json.loads(export(page, tmp_path).read_text())
    assert [it["variables"][0]["thing_id"] for it in template["widgets"]] == ["thing", "thing"]
    assert [it["type"] for it in template["widgets"]] == ["Push Button", "Slider"]
    assert [place(it) for it in template["widgets"]] == [[0, 0, 4, 4], [4, 0, 4, 4]]


@pytest.mark.engines("chromium")
def test_a_file_that_is_no_dashboard_is_said_to_be_none(editing):
    page = editing(PUMP)
    upload(page, GREENHOUSE)
    expect(editor(page).get_by_role("alert")).to_contain_text("python -m tools.template greenhouse.yaml")
    expect(handle(page, "Pump")).to_be_visible()


def test_save_that_comes_too_early_waits(browser, tmp_path):
    board = WidgetBoard(browser, tmp_path, "layout._APART_MS = 2000  # as boards have it\n" + SCRIPT)
    board.save([PUMP])
    with board.page(viewport=WIDE) as page:
        begin(page)
        handle(page, "Pump").press("ArrowRight")
        assert place(save(page, board)["widgets"][0]) == [1, 0, 4, 4]
        before = time.monotonic()
        begin(page)
        handle(page, "Pump").press("ArrowRight")
        assert place(save(page, board)["widgets"][0]) == [2, 0, 4, 4]
        assert time.monotonic() - before > 1
    board.stop()


@pytest.mark.engines("chromium")
def test_with_a_password_who_knows_it_edits(browser, tmp_path):
    (tmp_path / "main.py").write_text(SCRIPT)
    secrets = SECRETS.format(port=free_port()) + 'DASHBOARD_PASSWORD = "sesame"\n'
    (tmp_path / "secrets.py").write_text(secrets)
    with Board(tmp_path / "main.py", tmp_path / "secrets.py", flash=tmp_path / "flash") as board:
        board.wait_for("Dashboard: ")
        context = browser.new_context()
        page = context.new_page()
        page.goto(board.page.url)
        page.get_by_label("Password").fill("sesame")
        page.get_by_role("button", name="Log in").click()
        begin(page)
        handle(page, "pump").press("ArrowRight")
        command(page, "Save").click()
        expect(editor(page)).to_have_count(0)
        assert context.request.get(board.page.url + "/api/dashboard").json()["widgets"][0]["x"] == 1
        assert page.request.get(board.page.url + "/editor.js", headers={"Cookie": ""}).status == 401
        context.close()
