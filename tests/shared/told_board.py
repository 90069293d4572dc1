"""A page in a browser, and a board behind it that says what the test wants."""

import gzip
import json

from playwright.sync_api import expect

from tools import web

URL = "http://sideboard.example/"
STATUS = {"title": "shed", "cloud": "offline", "error": None}
ASSETS = {
    "": (web.PAGE, "text/html; charset=UTF-8"),
    "more.js": (web.MORE, "text/javascript"),
    "editor.js": (web.EDITOR, "text/javascript"),
}


class Board:
    """A page of a board with this status, with these variables and this layout; `said` is what the page said
    without an id."""

    def __init__(self, context, variables=(), layout=None, **status):
        self._variables = list(variables)
        self._layout = layout
        self.status = {**STATUS, **status}
        self.said = []
        self.page = context.new_page()
        self.page.route(URL + "**", self._give)
        self.page.route_web_socket("**/ws", self._open)
        self.page.goto(URL)
        title = (layout or {}).get("name", self.status["title"])
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def _give(self, route):
        path = route.request.url.removeprefix(URL).partition("?")[0]
        if path not in ASSETS:
            return route.fulfill(status=404, body='{"error": "Not found"}')
        file, kind = ASSETS[path]
        return route.fulfill(body=gzip.decompress(file.read_bytes()), content_type=kind)

    def _open(self, socket):
        self._socket = socket
        socket.on_message(self._hear)
        if self._layout:
            socket.send("L" + json.dumps(self._layout))
        self.send({"variables": self._variables, "status": self.status})

    def _hear(self, text):
        message = json.loads(text)
        if "id" in message:
            return self.send({"id": message["id"]})
        self.said.append(message)
        if message["log"]:
            self.send({"log": "INFO Dashboard: http://192.168.1.9/\n"})

    def send(self, message):
        self._socket.send(json.dumps(message))

    def leave(self):
        self._socket.close()
