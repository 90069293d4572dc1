"""The login in a real browser: who gets in, who may do what, and what does not travel."""

import base64
import contextlib
import json
import re

import pytest
from axe import text, violations
from cable import Cable
from engines import expect
from widget_board import SECRETS, WidgetBoard, card

from tools.processes import free_port

OWNER, GUEST = "open sesame", "just looking"
# What a guest can use; the ranges of charts change nothing.
ENABLED = ":is(button, input, select):enabled:not(.local *)"
# What a page that is not the board's own may send as well.
WRITES = """writes => new Promise((resolve, reject) => {
  const replies = [];
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => writes.forEach(([name, value], id) => send({ id, name, value }));
  socket.onmessage = ({ data }) => {
    const { id, error } = data[0] === "{" ? JSON.parse(data) : {};
    if (id >= 0 && replies.push(error) === writes.length) resolve(replies, socket.close());
  };
  socket.onclose = () => reject(Error("closed"));
})"""
OPENS = """() => new Promise((resolve) => {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
  socket.onopen = () => resolve(true);
  socket.onclose = () => resolve(false);
})"""
STATUS = """path => fetch(path).then(({ status }) => status)"""


class LockedBoard(WidgetBoard):
    """A board with passwords."""

    def secrets(self, folder):
        file = folder / "secrets.py"
        passwords = f"DASHBOARD_PASSWORD = {OWNER!r}\nDASHBOARD_GUEST_PASSWORD = {GUEST!r}\n"
        file.write_text(SECRETS.format(port=free_port()) + passwords)
        return file

    def restart(self):
        """Also forgets who guessed."""
        self.stop()
        self.start()


@pytest.fixture(scope="module")
def board(browser, tmp_path_factory):
    board = LockedBoard(browser, tmp_path_factory.mktemp("board"), network="esp32")  # six places
    yield board
    board.stop()


@pytest.fixture
def context(browser):
    """A browser of its own."""
    with browser.new_context() as context:
        context.set_default_timeout(30_000)
        yield context


def asked(context, url):
    """A page that asks for the password."""
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_label("Password")).to_be_focused()
    return page


def answer(page, password):
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def expect_dashboard(page):
    expect(page.get_by_text("Board connected")).to_be_visible()


def logged_in(context, url, password=OWNER):
    page = asked(context, url)
    answer(page, password)
    expect_dashboard(page)
    return page


def test_password_opens_the_page_until_log_out(board, context):
    page = asked(context, board.api.url)
    expect(page).to_have_title("widgets")
    expect(page.get_by_role("heading", name="widgets")).to_be_visible()
    page.get_by_label("Password").fill(OWNER)
    page.get_by_role("button", name="Log in").click()
    expect_dashboard(page)
    expect(page.get_by_role("button", name="Edit")).to_be_visible()
    card(page, "flag").get_by_role("switch").click()
    expect(page.get_by_role("img", name="flagSeen: on")).to_be_visible()
    page.reload()
    expect_dashboard(page)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Password")).to_be_visible()


def test_wrong_password_is_said_to_be_wrong_and_may_be_tried_again(board, context):
    page = asked(context, board.api.url)
    answer(page, "open barley")
    expect(page.get_by_role("alert")).to_have_text("wrong password")
    expect(page.get_by_label("Password")).to_be_focused()
    assert page.evaluate("getSelection().toString().length || document.activeElement.selectionEnd") == 11
    page.keyboard.type(OWNER)  # in place of what is selected
    page.keyboard.press("Enter")
    expect_dashboard(page)


@pytest.mark.engines("chromium")
def test_who_guesses_is_told_to_wait_and_gets_in_afterwards(board, context):
    page = asked(context, board.api.url)
    alert = page.get_by_role("alert")
    while alert.text_content() not in ("too often: wait for 4 s", "too often: wait for 8 s"):
        answer(page, "guess")
        expect(alert).to_have_text(re.compile("wrong password|too often: wait for [1248] s"))
    answer(page, OWNER)  # it does not matter
    expect(alert).to_have_text(re.compile("too often: wait for [1-8] s"))
    page.wait_for_timeout(8000)
    answer(page, OWNER)
    expect_dashboard(page)


def test_guest_sees_everything_and_cannot_change_anything(board, context):
    page = logged_in(context, board.api.url, GUEST)
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_be_hidden()
    expect(card(page, "level")).to_be_visible()
    controls = page.locator("section").locator("button, input, select")
    assert controls.count() > 20
    assert page.locator("section").locator(ENABLED).count() == 0
    before = page.evaluate("fetch('/api/variables').then(it => it.text())")
    writes = [["flag", False], ["flag", True], ["text", "by a guest"]]
    assert page.evaluate(WRITES, writes) == ["guests change nothing"] * 3
    refused = """async ([method, path]) => {
      const answer = await fetch(path, { method, body: method === "PUT" ? "{}" : undefined });
      return [answer.status, (await answer.json()).error];
    }"""
    layout = "/api/dashboard"
    for method, path in ("PUT", "/api/variables/flag"), ("PUT", layout), ("DELETE", layout):
        assert page.evaluate(refused, [method, path]) == [403, "guests change nothing"]
    assert page.evaluate("fetch('/api/variables').then(it => it.text())") == before


@contextlib.contextmanager
def logged_in_elsewhere(browser, board):
    with browser.new_context() as context:
        yield logged_in(context, board.api.url)


@pytest.mark.engines("chromium")
def test_cookie_is_of_no_use_after_log_out(board, context):
    page = logged_in(context, board.api.url)
    (cookie,) = context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert context.cookies() == []
    context.add_cookies([cookie])
    for path in "/", "/editor.js", "/api/variables":
        assert page.evaluate(STATUS, path) == 401
    assert not page.evaluate(OPENS)
    page.reload()
    expect(page.get_by_label("Password")).to_be_visible()


@pytest.mark.engines("chromium")
def test_log_out_closes_the_other_tabs_and_no_other_persons_page(board, context):
    first = logged_in(context, board.api.url)
    second = context.new_page()
    second.goto(board.api.url)
    expect_dashboard(second)
    with logged_in_elsewhere(context.browser, board) as other:
        first.get_by_role("button", name="Log out").click()
        for page in first, second:
            expect(page.get_by_label("Password")).to_be_visible()
        expect(other.get_by_text("Board connected")).to_be_visible()
        assert other.evaluate(STATUS, "/api/variables") == 200


def test_after_a_restart_of_the_board_the_login_appears(board, context):
    page = logged_in(context, board.api.url)
    board.restart()
    expect(page.get_by_label("Password")).to_be_visible()
    answer(page, OWNER)
    expect_dashboard(page)


@pytest.mark.engines("chromium")
def test_who_edits_during_a_restart_loses_nothing(board, context):
    page = logged_in(context, board.api.url)
    page.get_by_role("button", name="Edit").click()
    expect(page.locator("html.editing")).to_be_attached()
    board.restart()
    with page.expect_event("console", lambda said: "HTTP Authentication failed" in said.text, timeout=20_000):
        pass
    expect(page.locator("html.editing")).to_be_attached()
    logged_in(context, board.api.url)  # in another tab
    expect_dashboard(page)
    expect(page.locator("html.editing")).to_be_attached()


@pytest.mark.engines("chromium")
def test_password_does_not_travel(board, context):
    with Cable(board.api.port) as cable:
        url = f"http://127.0.0.1:{cable.port}/"
        page = asked(context, url)
        answer(page, "open barley")
        expect(page.get_by_role("alert")).to_have_text("wrong password")
        answer(page, OWNER)
        expect_dashboard(page)
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Password")).to_be_visible()
        wire = bytes(cable.carried)
    assert wire.count(b'"answer"') == 2
    for password in OWNER, "open barley":
        for form in (
            password,
            password.replace(" ", "+"),
            password.replace(" ", "%20"),
            json.dumps(password),
            base64.b64encode(password.encode()).decode(),
            password.encode().hex(),
        ):
            assert form.encode() not in wire


FOREIGN = """async url => {
  const done = [];
  const attempt = (what, promise) => promise.then((it) => done.push(what, it), () => {});
  for (const method of ["GET", "PUT"]) {
    const options = { method, credentials: "include", body: method === "PUT" ? "true" : undefined };
    await attempt(method, fetch(url + "/api/variables/flag", options).then((it) => it.text()));
  }
  const body = JSON.stringify({ widgets: [] });
  const blindly = { method: "POST", mode: "no-cors", credentials: "include", body };
  for (const path of ["/login", "/api/dashboard"]) await fetch(url + path, blindly).catch(() => {});
  await attempt("socket", new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace("http", "ws") + "/ws");
    socket.onopen = resolve;
    socket.onclose = reject;
  }));
  return done;
}"""


@pytest.mark.engines("chromium")
def test_page_from_elsewhere_can_do_nothing_in_a_browser_that_is_logged_in(board, context):
    page = logged_in(context, board.api.url)
    before = page.evaluate("fetch('/api/variables/flag').then(it => it.text())")
    # The second is of the same site, by which the browser sends the cookie: that is of no use there.
    for origin in "http://elsewhere.example", f"http://127.0.0.1:{free_port()}":
        context.route(f"{origin}/", lambda route: route.fulfill(body="<p>a", content_type="text/html"))
        foreign = context.new_page()
        foreign.goto(origin)
        assert foreign.evaluate(FOREIGN, board.api.url) == []
        foreign.close()
    assert page.evaluate("fetch('/api/variables/flag').then(it => it.text())") == before
    expect(page.get_by_text("Board connected")).to_be_visible()


@pytest.mark.engines("chromium")
def test_board_that_is_gone_is_said_to_be_gone(board, context):
    page = asked(context, board.api.url)
    page.route("**/login", lambda route: route.abort())
    answer(page, OWNER)
    expect(page.get_by_role("alert")).to_have_text("the board cannot be reached")
    page.unroute("**/login")
    answer(page, OWNER)
    expect_dashboard(page)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(board, browser, scheme, width):
    with browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 640}) as context:
        page = asked(context, board.api.url)
        assert violations(page, text()) == []
        answer(page, "open barley")
        expect(page.get_by_role("alert")).to_have_text("wrong password")
        assert violations(page, text()) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        answer(page, OWNER)
        expect_dashboard(page)


def test_login_is_used_by_keyboard_alone(board, context):
    page = asked(context, board.api.url)
    page.keyboard.type(OWNER)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Log in")).to_be_focused()
    page.keyboard.press("Space")
    expect_dashboard(page)


def test_login_page_asks_a_browser_to_keep_the_password(board, context):
    field = asked(context, board.api.url).get_by_label("Password")
    assert field.get_attribute("autocomplete") == "current-password"
    assert field.get_attribute("type") == "password"
