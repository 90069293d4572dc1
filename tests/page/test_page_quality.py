"""The page for everyone: axe-core finds nothing, the keyboard does everything, calm motion, right to left."""

import json

import pytest
from axe import text, violations
from engines import expect
from widget_board import Greenhouse, card, widget

STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before { transition: none !important }");
  document.adoptedStyleSheets.push(sheet);
}"""


@pytest.fixture(scope="module")
def axe():
    return text()


@pytest.fixture(scope="module")
def board(browser, tmp_path_factory):
    board = Greenhouse(browser, tmp_path_factory.mktemp("board"))
    yield board
    board.stop()
    board.stop_cloud()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(board, axe, scheme):
    with board.page(color_scheme=scheme) as page:
        expect(page.get_by_text("Cloud connected")).to_be_visible()
        expect(card(page, "Today").get_by_role("slider")).to_be_visible()
        page.evaluate(STILL)
        assert violations(page, axe) == [], "live, every widget"

        card(page, "Today").locator("summary").click()
        expect(card(page, "Today").get_by_role("cell").first).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 640})
        assert violations(page, axe) == [], "narrow, a table open"

        card(page, "Strip").get_by_role("button", name="palette").click()
        expect(card(page, "Strip").get_by_role("textbox", name="color")).to_be_visible()
        assert violations(page, axe) == [], "a palette open"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_things_are_missing(board, axe, scheme):
    pages = [{"id": "a", "name": "One", "position": 0}, {"id": "b", "name": "Two", "position": 1}]
    layout = (board.flash / "dashboard.json").read_text()
    board.save(
        [widget("Hologram", "fan"), widget("LED", "no"), widget("Value", "strip"), widget("Gauge", "wind")],
        pages=pages,
    )
    try:
        with board.page(color_scheme=scheme) as page:
            expect(page.get_by_role("tab")).to_have_count(2)
            field = card(page, "Value").get_by_role("textbox")
            field.fill('{"hue": 999}')
            field.press("Enter")
            expect(page.get_by_role("alert")).to_have_text("strip:hue takes 0 to 360")
            expect(card(page, "Gauge")).to_contain_text("waiting for its first value")
            assert violations(page, axe) == [], "refused, unknown, waiting, tabs"
    finally:
        board.save(**json.loads(layout))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_and_after_the_board_is_there(board, axe, scheme):
    with board.page(color_scheme=scheme) as page:
        board.stop()
        expect(page.get_by_text("Board unreachable").first).to_be_visible()
        page.evaluate(STILL)
        found = violations(page, axe)
        board.start()
        assert found == [], "offline, old values"


REACHED = """() => {
  const it = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(it.closest("label") ?? it);
  const card = it.closest("section")?.ariaLabel;
  const name = it.ariaLabel ?? it.closest("label")?.textContent ?? it.textContent;
  const outlined = outlineStyle !== "none" && outlineWidth !== "0px";
  return it === document.body ? null : [card ?? "", name, outlined];
}"""
CONTROLS = """() => [...document.querySelectorAll("button, input, select, a, summary, [tabindex]")]
  .filter(it => it.closest("section") && !it.disabled)
  .filter(it => it.checkVisibility() && (it.type !== "radio" || it.checked))
  .map(it => [
    it.closest("section").ariaLabel,
    it.ariaLabel ?? it.closest("label")?.textContent ?? it.textContent,
  ])"""


def test_tab_reaches_every_control_in_order_and_shows_where_it_is(board):
    with board.page() as page:
        expect(page.get_by_text("Cloud connected")).to_be_visible()
        expect(card(page, "Log").get_by_role("log")).to_contain_text("watering done")
        expect(card(page, "Today").get_by_role("slider")).to_be_visible()  # what is loaded on need, too
        wanted = page.evaluate(CONTROLS)
        assert len(wanted) > 40
        reached, outlined = [], set()
        for _ in range(3 * len(wanted)):
            page.keyboard.press("Tab")
            stop = page.evaluate(REACHED)
            if stop is None:
                break
            *where, shown = stop
            if reached and where == reached[0] != reached[-1]:  # around, without controls of the browser
                break
            if where[0] and where not in reached[-1:]:  # a date has a stop for each of its parts
                reached.append(where)
            if shown:
                outlined.add(tuple(where))
        assert reached == wanted
        assert set(map(tuple, wanted)) <= outlined


def test_whole_page_is_used_by_keyboard_alone(board):
    with board.page() as page:
        expect(page.get_by_text("Cloud connected")).to_be_visible()

        def go(title, name):
            for _ in range(150):
                page.keyboard.press("Tab")
                if (page.evaluate(REACHED) or [])[:2] == [title, name]:
                    return
            raise AssertionError(f"Tab does not reach {name} of {title}")

        go("Pump", "Pump")
        page.keyboard.press("Space")
        board.api.wait_for("pump", False)
        go("Fan", "Fan")
        page.keyboard.press("ArrowRight")
        board.api.wait_for("fan", 45)
        go("Beds", "more")
        page.keyboard.press("Enter")
        board.api.wait_for("beds", 7)
        go("Vents", "Auto")
        page.keyboard.press("ArrowDown")
        board.api.wait_for("mode", 2)
        go("Crop", "Crop")
        page.keyboard.type("b")
        board.api.wait_for("crop", "basil")
        go("Television", "stop")
        page.keyboard.press("Space")
        board.api.wait_for("tv", {"pbc": 7})
        go("Log", "message")
        page.keyboard.type("hello")
        page.keyboard.press("Enter")
        board.api.wait_for("said", "hello")


@pytest.mark.engines("chromium")
def test_nothing_moves_for_whom_motion_disturbs(board):
    moving = """() => [...document.querySelectorAll("*")]
      .flatMap(it => [getComputedStyle(it), getComputedStyle(it, "::before")])
      .filter(style => parseFloat(style.transitionDuration) || style.animationName !== "none").length"""
    with board.page(reduced_motion="reduce") as page:
        assert page.evaluate(moving) == 0
    with board.page() as page:
        assert page.evaluate(moving) > 0


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_page_fits_its_width_in_either_direction(board, direction, width):
    with board.page(viewport={"width": width, "height": 900}) as page:
        page.evaluate("direction => (document.documentElement.dir = direction)", direction)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.evaluate("""() => [...document.querySelectorAll("section")]
          .filter(it => it.scrollWidth > it.clientWidth + 1).map(it => it.ariaLabel)""")
        assert wide == []


def test_dates_are_not_cut_off_on_a_desktop(board):
    with board.page(viewport={"width": 1280, "height": 900}) as page:
        cut = page.locator("[type=datetime-local]").evaluate_all("""all => all.filter(it => {
          const { offsetWidth } = it;
          it.style = "flex: none; width: max-content";
          const needed = it.offsetWidth;
          it.style = "";
          return needed > offsetWidth;
        }).map(it => it.ariaLabel)""")
        assert cut == []


def test_page_finds_a_board_that_was_away_and_shows_what_is_new(board):
    with board.page() as page:
        pump = card(page, "Pump").get_by_role("switch")
        board.put("pump", True)
        expect(pump).to_have_attribute("aria-checked", "true")
        board.stop()
        expect(page.get_by_text("Board unreachable").first).to_be_visible()
        expect(pump).to_be_disabled()
        board.start()
        board.put("pump", False)
        expect(pump).to_be_enabled()
        expect(pump).to_have_attribute("aria-checked", "false")
        pump.click()
        board.api.wait_for("pump", True)
