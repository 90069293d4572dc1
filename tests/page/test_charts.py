"""Charts: the past that the board tells, the value under pointer and arrow keys, ranges, lines, the file."""

import contextlib
import csv
import datetime
import io
import re
import time

import pytest
from axe import text, violations
from charted_board import ChartedBoard, number, told
from engines import expect
from widget_board import card, widget

STEPS = 5, 60, 1440, 10080, 40320  # s, of each range
RANGES = "live", "1 h", "1 d", "7 d", "all"
MOMENT = r"[\d/]+, \d\d?:\d\d:\d\d(?:\s[AP]M)?"
GAP = range(20, 26)
SPIKE, TOP = 40, 250
FORMULA = '=1+1,"a"'
PLAIN = "humidity", "air", "wind", FORMULA
EDGES = {"huge": [1e30, 1e30, 1e30], "same": [7, 7, 7], "cold": [-5, -1, -3]}


def past(name, number):
    """As many points as a board has, rising, with a gap and a spike; what is not charted has none."""
    if name == "fresh":
        return told(0, [], 0)
    if name == "door":
        return told(STEPS[number], [[0, 0, 0]] * 30 + [[0, 1, 1]] + [[1, 1, 1]] * 29)
    if name in EDGES:
        return told(STEPS[number], [EDGES[name]] * 60)
    base = 100 if name == "level" else 50
    points = [[base + i - 0.5, base + i + 0.5, base + i + 0.125] for i in range(60)]
    points[SPIKE][1] = TOP
    for i in GAP:
        points[i] = None
    return told(STEPS[number], points)


VARIABLES = [
    number("level", 160, unit="l"),
    *(number(name, 20) for name in PLAIN),
    number("fresh", 1.5),
    {"name": "door", "type": "bool", "value": True, "writable": False},
    {"name": "lamp", "type": "bool", "value": False, "writable": True},
    *(number(name, value[2]) for name, value in EDGES.items()),
]
LAYOUT = {
    "widgets": [
        widget("Chart", "level", title="Level"),
        widget("AdvancedChart", "level", *PLAIN, title="Five"),
        widget("Chart", "door", title="Door"),
        widget("Chart", "fresh", title="Fresh", interpolation="area"),
        *(widget("Chart", name, title=name) for name in EDGES),
        widget("Switch", "lamp"),
    ]
}


@contextlib.contextmanager
def opened(browser, board):
    with browser.new_context(timezone_id="Asia/Kolkata", locale="en-GB") as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(board.url)
        expect(page.get_by_text("Board connected")).to_be_visible()
        yield page


@contextlib.contextmanager
def charted(past):
    board = ChartedBoard(VARIABLES, LAYOUT, past)
    yield board
    board.stop()


@pytest.fixture(scope="module")
def board(browser):
    with charted(past) as board:
        yield board


@pytest.fixture(scope="module")
def page(browser, board):
    with opened(browser, board) as page:
        yield page


def chart(page, title):
    return card(page, title).get_by_role("slider", name=title, exact=True)


def choose(page, title, label):
    card(page, title).get_by_role("combobox", name="range").select_option(label=label)


def expect_heard(page, title, values):
    """What a screen reader hears of the moment under the cursor."""
    pattern = re.compile(f"^{MOMENT}, {values}$")
    expect(chart(page, title)).to_have_attribute("aria-valuetext", pattern)


def wait_for(holds, page):
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        page.evaluate("new Promise(requestAnimationFrame)")


def go_to_begin(page, title, values):
    """Presses Home until a screen reader hears these values: the past may come later."""

    def is_there():
        chart(page, title).press("Home")
        return re.fullmatch(values, heard(page, title)[1])

    wait_for(is_there, page)


def heard(page, title):
    """The moment, and the values then."""
    said = chart(page, title).get_attribute("aria-valuetext")
    return re.match(f"({MOMENT}), (.*)", said, re.DOTALL).groups()


def last_of(values):
    return float(values.split()[0])


def rows(page, title):
    """The chart's table, opened and closed again, without its head."""
    summary = card(page, title).get_by_text("table", exact=True)
    summary.click()
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")  # it is written
    table = card(page, title).get_by_role("table")
    expect(table.get_by_role("cell").first).to_be_visible()
    lines = [line.split("\t") for line in table.inner_text().splitlines()[1:]]
    summary.click()
    return lines


@pytest.mark.parametrize("label", RANGES)
def test_arrow_keys_tell_time_and_values_in_every_range_and_the_spike(page, label):
    choose(page, "Level", label)
    shown = chart(page, "Level")
    go_to_begin(page, "Level", r"10[01]\.125 l \(.*\)")
    expect(shown).to_have_attribute("aria-valuenow", "0")
    first, _ = heard(page, "Level")
    told = []
    for _ in range(62):
        page.keyboard.press("ArrowRight")
        told.append(page.evaluate("document.activeElement.ariaValueText"))
    assert any(f"– {TOP})" in each for each in told)
    assert len(set(told)) > 50
    shown.press("ArrowLeft")
    then, values = heard(page, "Level")
    assert then != first and last_of(values) >= 158
    shown.press("End")
    expect(shown).to_have_attribute("aria-valuenow", "60")
    shown.blur()
    expect(shown).to_have_attribute("aria-valuetext", "160 l")


def test_pointer_shows_the_moment_beside_it(page):
    choose(page, "Five", "1 d")
    expect(chart(page, "Five")).to_have_attribute("aria-valuetext", re.compile("^level 160 l, humidity 20, "))
    box = chart(page, "Five").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 40)
    tip = card(page, "Five").locator("canvas + span")
    expect(tip).to_contain_text("level 14")
    assert re.match(rf"{MOMENT}\s+level 14\d\.125 l \(14\d\.5 – 14\d\.5\)\s+humidity 9", tip.text_content())
    inside = tip.bounding_box()
    assert box["x"] <= inside["x"] and inside["x"] + inside["width"] <= box["x"] + box["width"] * 0.8
    page.mouse.move(2, 2)
    expect(tip).to_be_hidden()


def test_gap_is_told_as_unknown(page):
    choose(page, "Level", "1 d")
    known = {time: values for time, values in rows(page, "Level")}
    assert list(known.values()).count("– l") == len(GAP)
    assert len(known) >= 60


# Of each column of a canvas: how far down its topmost pixel of the first line's colour is, or null.
TOPS = """it => {
  const { data } = it.getContext("2d").getImageData(0, 0, it.width, it.height);
  const isLine = (i) => [11, 149, 153, 255].every((part, n) => Math.abs(data[i + n] - part) < 9);
  return Array.from({ length: it.width }, (_, x) => {
    for (let y = 0; y < it.height; y++) if (isLine((y * it.width + x) * 4)) return y / it.height;
    return null;
  });
}"""


def runs(flags):
    """The lengths of the runs of true, in order."""
    return [len(run) for run in "".join("x" if flag else " " for flag in flags).split()]


@pytest.mark.parametrize("label", RANGES)
def test_gap_is_empty_and_the_spike_is_seen(page, label):
    choose(page, "Level", label)
    expect_rows = chart(page, "Level")
    go_to_begin(page, "Level", r"10[01]\.125 l \(.*\)")
    expect_rows.blur()
    tops = expect_rows.evaluate(TOPS)
    columns = tops[next(i for i, top in enumerate(tops) if top) :]
    gaps = runs(top is None for top in columns)
    step = len(columns) / 60
    assert max(gaps) == pytest.approx(len(GAP) * step, abs=step)
    spikes = runs(top is not None and top < 0.15 for top in columns)
    assert len(spikes) == 1 and spikes[0] == pytest.approx(step, abs=2)


def test_legend_switches_a_line_off_and_on(page):
    button = card(page, "Five").get_by_role("button", name=re.compile("^level 160 l"))
    assert any(chart(page, "Five").evaluate(TOPS))
    button.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert not any(chart(page, "Five").evaluate(TOPS))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert any(chart(page, "Five").evaluate(TOPS))
    looks = (
        card(page, "Five")
        .locator(".key button")
        .evaluate_all(
            "all => all.map(it => getComputedStyle(it).backgroundImage.replaceAll(/rgb\\([^)]*\\)/g, ''))"
        )
    )
    assert len(set(looks)) == 5  # also without their colours


def test_chart_of_a_bool_tells_false_and_true(page):
    shown = chart(page, "Door")
    shown.press("Home")
    expect_heard(page, "Door", "false")
    shown.press("End")
    expect_heard(page, "Door", "true")


def test_live_chart_goes_on_with_what_comes(page, board):
    choose(page, "Level", "live")
    go_to_begin(page, "Level", r"10[01]\.125 l \(.*\)")
    shown = chart(page, "Level")
    shown.blur()
    for value in 170.25, 160:
        board.say("level", value)
        expect(shown).to_have_attribute("aria-valuetext", f"{value:g} l")
    values = [values for _, values in rows(page, "Level")]
    assert values[:3] == ["160 l", "170.25 l", "159.125 l (158.5 – 159.5)"]


def test_chart_without_a_past_shows_what_comes(page, board):
    assert {values for _, values in rows(page, "Fresh")} == {"1.5"}
    board.say("fresh", 2.5)
    expect(chart(page, "Fresh")).to_have_attribute("aria-valuetext", "2.5")
    assert [values for _, values in rows(page, "Fresh")][:2] == ["2.5", "1.5"]


@pytest.mark.parametrize(
    ("title", "values"), [("huge", r"1e\+30"), ("same", "7"), ("cold", r"-3 \(-5 – -1\)")]
)
def test_chart_takes_any_numbers(page, title, values):
    shown = chart(page, title)
    go_to_begin(page, title, values)
    assert any(shown.evaluate(TOPS))
    expect(card(page, title).get_by_role("alert")).to_be_hidden()


KEEP = """() => {
  addEventListener("click", event => event.target.download && event.preventDefault());
  const { createObjectURL } = URL;
  URL.createObjectURL = blob => (blob.text().then(text => (window.saved = text)), createObjectURL(blob));
}"""


def test_file_has_all_digits_times_in_utc_and_no_formulas(page):
    choose(page, "Five", "1 d")
    go_to_begin(page, "Five", "level 1.*")
    chart(page, "Five").blur()
    page.evaluate(KEEP)
    card(page, "Five").get_by_text("CSV", exact=True).click()
    page.evaluate("async () => { while (!window.saved) await new Promise(requestAnimationFrame) }")
    head, *lines = csv.reader(io.StringIO(page.evaluate("window.saved"), newline=""))
    names = "level", "humidity", "air", "wind", "'" + FORMULA
    assert head == ["time", *(f"{name} {part}" for name in names for part in ("min", "max", "last"))]
    assert len({len(line) for line in lines}) == 1
    steps = [line for line in lines if line[1:4] == ["99.5", "100.5", "100.125"]]
    assert len(steps) == 1 and steps[0][4:7] == ["49.5", "50.5", "50.125"]  # all in one line
    began = datetime.datetime.fromisoformat(steps[0][0])
    age = datetime.datetime.now(datetime.UTC) - began
    assert age.total_seconds() == pytest.approx(59 * STEPS[2], abs=120)
    assert sum(line[1:4] == ["", "", ""] for line in lines) == len(GAP)


@pytest.mark.engines("chromium")
def test_file_is_downloaded_with_the_charts_name(browser, board):
    with browser.new_context(accept_downloads=True) as context:
        page = context.new_page()
        page.goto(board.url)
        with page.expect_download() as download:
            card(page, "Level").get_by_text("CSV", exact=True).click()
        assert download.value.suggested_filename == "Level.csv"
        with open(download.value.path()) as file:
            assert file.readline() == 'time,"level min","level max","level last"\n'


def test_finger_moves_the_page_up_and_down(page):
    assert chart(page, "Level").evaluate("it => getComputedStyle(it).touchAction") == "pan-y"


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_axe_finds_nothing_and_all_fits_a_phone(page, direction):
    page.evaluate("way => (document.documentElement.dir = way)", direction)
    page.set_viewport_size({"width": 320, "height": 640})
    try:
        summary = card(page, "Five").get_by_text("table", exact=True)
        summary.click()
        chart(page, "Five").press("Home")
        assert violations(page, text()) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        wide = "all => all.filter(it => it.scrollWidth > it.clientWidth + 1).map(it => it.ariaLabel)"
        assert page.locator("section").evaluate_all(wide) == []
        summary.click()
    finally:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.evaluate("document.documentElement.dir = ''")


WANTED = sorted((name, 0) for name in ("level", *PLAIN, "fresh", "door", *EDGES))


def test_past_is_asked_for_once_for_all_charts_and_again_after_a_reconnection(browser):
    with charted(past) as board, opened(browser, board) as page:
        go_to_begin(page, "cold", r"-3 .*")
        assert sorted(board.asked) == WANTED
        del board.asked[:]
        board.leave()
        expect(page.get_by_text("Board unreachable").first).to_be_visible()
        expect(page.get_by_text("Board connected")).to_be_visible()
        wait_for(lambda: len(board.asked) >= len(WANTED), page)
        go_to_begin(page, "cold", r"-3 .*")
        assert sorted(board.asked) == WANTED


@pytest.mark.engines("chromium")  # a slow one takes the board for gone before it has pressed
def test_answer_that_never_comes_stops_neither_writes_nor_what_waits(browser):
    silent = ["level"]

    def sometimes(name, number):
        return None if silent and name == silent.pop() else past(name, number)

    with charted(sometimes) as board, opened(browser, board) as page:
        page.get_by_role("switch").click()
        wait_for(lambda: board.written, page)
        assert board.asked == [("level", 0)]
        go_to_begin(page, "cold", r"-3 .*")
        go_to_begin(page, "Level", r"10\d\.125 l \(.*\)")
        assert board.asked.count(("level", 0)) == 2
