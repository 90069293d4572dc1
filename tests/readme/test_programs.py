"""README.md's section "For programs": pages of one's own, pages from elsewhere, the status, the messages."""

import functools
import http.server
import json
import re
import threading
import urllib.request

import pytest
from documented import README, block, started
from playwright.sync_api import Error, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

SCRIPT = """
from sideboard import ArduinoCloudClient


def on_switch(client, value):
    client["led"] = value


client = ArduinoCloudClient()
client.register("ledSwitch", value=False, on_write=on_switch)
client.register("led", value=False)
client.register("power", value=5, widget="Chart")
client.start()
"""
PASSWORD = "DASHBOARD_PASSWORD = 'PASSWORD'\n"
FILES = {"mine.html": block("html", "WebSocket"), "mine.js": "export {};", "mine.css": "p {}"}


def told(head):
    """The first cells of a table of the README, in backquotes."""
    rows = README.split(f"| {head} |")[1].split("\n\n")[0].splitlines()[2:]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


@pytest.fixture
def page(chromium):
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page


def switches(page, board):
    """The page shows the LED, and switches it."""
    button = page.get_by_role("button")
    expect(button).to_have_text("The LED is off")
    button.click()
    expect(button).to_have_text("The LED is on")
    assert board.page.value("led") is True
    board.page.put("ledSwitch", False)
    expect(button).to_have_text("The LED is off")


def test_page_of_ones_own_follows_and_writes(page, tmp_path):
    with started(tmp_path / "board", SCRIPT, files=FILES) as board:
        page.goto(board.page.url + "/files/mine.html")
        switches(page, board)


def test_page_of_ones_own_appears_after_the_login(page, tmp_path):
    with started(tmp_path / "board", SCRIPT, PASSWORD, FILES) as board:
        page.goto(board.page.url + "/files/mine.html")
        page.get_by_role("textbox").fill("PASSWORD")
        page.keyboard.press("Enter")
        button = page.get_by_role("button", name="The LED is off")
        button.click()
        expect(page.get_by_role("button", name="The LED is on")).to_be_visible()


def test_files_have_their_types(tmp_path):
    types = {"html": "text/html", "js": "application/javascript", "css": "text/css"}
    with started(tmp_path / "board", SCRIPT, files=FILES) as board:
        for kind, type_ in types.items():
            with urllib.request.urlopen(f"{board.page.url}/files/mine.{kind}", timeout=5) as answer:
                assert answer.headers.get_content_type() == type_
                assert answer.read().decode() == FILES[f"mine.{kind}"]


@pytest.fixture
def elsewhere(tmp_path):
    """The origin of an empty page that another server gives."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("is_named", [True, False])
def test_page_from_elsewhere_asks_if_it_is_named(page, tmp_path, elsewhere, is_named):
    settings = PASSWORD + (f"DASHBOARD_ORIGINS = ({elsewhere!r},)\n" if is_named else "")
    with started(tmp_path / "board", SCRIPT, settings) as board:
        code = block("js", "fetch(").replace("http://ADDRESS", board.page.url)
        page.goto(elsewhere)
        ask = f"async () => {{ {code}; return value }}"
        if is_named:
            assert page.evaluate(ask) is True
        else:
            with pytest.raises(Error, match="Failed to fetch"):
                page.evaluate(ask)


def test_status_has_what_is_told(tmp_path):
    with started(tmp_path / "board", SCRIPT) as board:
        assert {*board.page.get("/api/status"), "user"} == set(told("in the status"))


def test_websocket_sends_what_is_told_and_says_why_it_ends(tmp_path):
    layout = json.dumps({"name": "Mine", "widgets": [{"type": "Chart", "variable": "power"}] * 20})
    with started(tmp_path / "board", SCRIPT) as board:
        request = urllib.request.Request(board.page.url + "/api/dashboard", layout.encode(), method="PUT")
        urllib.request.urlopen(request, timeout=5).close()

        def open_page():
            return connect(f"ws://127.0.0.1:{board.http_port}/ws", proxy=None)

        with open_page() as socket:
            pieces = [socket.recv(5)]
            while pieces[-1] != "L":
                pieces.append(socket.recv(5))
            assert json.loads("".join(piece.removeprefix("L") for piece in pieces)) == json.loads(layout)
            first = json.loads(socket.recv(5))
            assert first["status"]["protocol"] == 2
            assert {one["name"]: one for one in first["variables"]} == board.page.get()

            def ask(text):
                socket.send(text)
                message = json.loads(socket.recv(5))
                while "id" not in message:
                    message = json.loads(socket.recv(5))
                return message

            assert ask('{"id": 7, "name": "ledSwitch", "value": true}') == {"id": 7}
            assert ask('{"id": 8}') == {"id": 8}
            past = ask('{"id": 9, "history": "power", "range": 1}')["history"]
            assert (past["name"], past["range"], past["step"]) == ("power", 1, 60) and 0 <= past["age"] <= 60
            assert past["points"][-1] == [5, 5, 5]
            none = {"name": "led", "range": 4, "points": []}
            assert ask('{"id": 9, "history": "led", "range": 4}') == {"id": 9, "history": none}
            refused = ask('{"id": 9, "name": "led", "value": true}')
            assert refused["error"] == "led is read-only" and refused["variables"][0]["value"] is True
            for text in '{"pump": true}', "garbage":
                expected = 'a message is like {"id": 1, "name": "led", "value": true}'
                assert ask(text) == {"id": None, "error": expected}
            assert ask('{"id": 10, "name": "none", "value": 1}')["error"] == "there is no variable none"
            socket.send("x" * 5000)
            with pytest.raises(ConnectionClosed) as ended:
                while True:
                    socket.recv(5)
            assert ended.value.rcvd.code == 1009
