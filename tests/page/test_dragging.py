"""A slider under a finger: immediate, at most one message a frame, and never moved by an older value."""

import pytest
from playwright.sync_api import expect
from widget_board import WidgetBoard, card, widget

# Keeps in which frame each message left the page.
WATCH = """
window.sent = [];
let frame = 0;
(function count() {
  frame++;
  requestAnimationFrame(count);
})();
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) {
  const { name, value } = JSON.parse(text);
  if (name) window.sent.push({ value, frame });
  send.call(this, text);
};
"""


@pytest.fixture(scope="module")
def board(chromium, tmp_path_factory):
    board = WidgetBoard(chromium, tmp_path_factory.mktemp("board"))
    board.save([widget("Slider", "count"), widget("LED", "flagSeen"), widget("ColoredLight", "light")])
    yield board
    board.stop()


@pytest.fixture
def page(board):
    board.put("count", 50)
    board.put("flag", False)
    with board.page() as page:
        page.add_init_script(WATCH)
        page.reload()
        expect(slider(page)).to_have_attribute("aria-valuenow", "50")
        yield page


def slider(page):
    return card(page, "Slider").get_by_role("slider")


def point(page, value):
    """Where the slider's thumb is at a value of 0 to 100."""
    box = slider(page).bounding_box()
    thumb = box["height"]
    return box["x"] + thumb / 2 + (box["width"] - thumb) * value / 100, box["y"] + thumb / 2


def tell(board, page):
    """Returns when the page has all that the board said until now."""
    board.put("flag", True)
    expect(page.get_by_role("img", name="LED: on")).to_be_visible()


def test_slider_follows_the_pointer_at_once_and_the_board_has_its_last_value(board, page):
    page.mouse.move(*point(page, 50))
    page.mouse.down()
    for value in 60, 75:
        page.mouse.move(*point(page, value), steps=10)
        assert slider(page).get_attribute("aria-valuenow") == str(value)  # without waiting
    page.mouse.up()
    board.api.wait_for("count", 75)


def test_dragging_sends_at_most_one_message_a_frame(board, page):
    # Ten events a frame, more than a mouse sends.
    page.evaluate("""async () => {
      const track = document.querySelector("[type=range]");
      for (let value = 0; value <= 100; value++) {
        track.value = value;
        track.dispatchEvent(new Event("input"));
        if (value % 10 === 0) await new Promise(requestAnimationFrame);
      }
    }""")
    board.api.wait_for("count", 100)
    sent = page.evaluate("window.sent")
    frames = [message["frame"] for message in sent]
    assert len(frames) > 2 and len(set(frames)) == len(frames)
    values = [message["value"] for message in sent]
    assert values == sorted(values) and values[-1] == 100


def test_older_value_does_not_move_a_slider_that_is_held(board, page):
    page.mouse.move(*point(page, 50))
    page.mouse.down()
    page.mouse.move(*point(page, 80), steps=3)
    board.api.wait_for("count", 80)
    board.put("count", 5)
    tell(board, page)
    expect(slider(page)).to_have_attribute("aria-valuenow", "80")
    page.mouse.move(*point(page, 90), steps=3)
    board.api.wait_for("count", 90)
    page.mouse.up()
    expect(slider(page)).to_have_attribute("aria-valuenow", "90")


def test_slider_shows_the_boards_value_once_it_is_let_go(board, page):
    page.mouse.move(*point(page, 50))
    page.mouse.down()
    page.mouse.move(*point(page, 80), steps=3)
    board.api.wait_for("count", 80)
    board.put("count", 5)
    tell(board, page)
    page.mouse.up()
    expect(slider(page)).to_have_attribute("aria-valuenow", "5")


def test_one_part_of_a_light_is_held_while_the_others_follow(board, page):
    board.put("light", {"hue": 100, "sat": 50, "bri": 50})
    hue, saturation = (
        card(page, "ColoredLight").get_by_role("slider", name=name) for name in ("hue", "saturation")
    )
    box = hue.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.down()
    board.api.wait_for("light", {"hue": 180})
    board.put("light", {"hue": 1, "sat": 77})
    expect(saturation).to_have_attribute("aria-valuenow", "77")
    expect(hue).to_have_attribute("aria-valuenow", "180")
    page.mouse.up()
    expect(hue).to_have_attribute("aria-valuenow", "1")


def test_slider_moves_under_a_finger(chromium, board):
    with board.page(has_touch=True, viewport={"width": 360, "height": 640}) as page:
        page.touchscreen.tap(*point(page, 20))
        board.api.wait_for("count", 20)
