"""The setup page on its own: what a board would answer is said by the test."""

import gzip
import json
from contextlib import contextmanager

from tools import web

URL = "http://sideboard.example"
NETWORKS = [
    {"ssid": "workshop", "rssi": -48, "open": False},
    {"ssid": "home", "rssi": -71, "open": False},
    {"ssid": "café", "rssi": -88, "open": True},
]
FRESH = {
    "fresh": True,
    "state": "waiting",
    "error": None,
    "about": None,
    "networks": NETWORKS,
    "known": [],
    "hostname": "sideboard-ef77",
    "address": None,
}
SETTINGS = {**FRESH, "fresh": False, "known": ["home", "garage"], "address": "192.168.1.9"}
TRYING = {"state": "trying"}
DONE = {"state": "done", "address": "192.168.1.9"}


class StandIn:
    """What the page asks, in `asked`, as (method, path, body); the answers to GET /api/setup are `said`.

    After a PUT it says what `then` holds, one after another. `files` are its own, or a sentence that refuses.
    """

    def __init__(self, context, said, *then, files=None):
        self.said = dict(said)
        self.then = list(then)
        self.files = {} if files is None else files
        self.refusal = None  # (status, answer) to the next PUT of settings
        self.is_there = True
        self.asked = []
        self._tries = False
        context.route(f"{URL}/**", self._answer)

    def written(self):
        return [json.loads(body) for *what, body in self.asked if what == ["PUT", "/api/setup"]]

    def _answer(self, route):
        request = route.request
        path = request.url.removeprefix(URL)
        if path == "/setup":
            page = gzip.decompress(web.SETUP.read_bytes())
            return route.fulfill(body=page, content_type="text/html; charset=UTF-8")
        self.asked.append((request.method, path, request.post_data_buffer))
        if not self.is_there:
            return route.abort()
        status, answer = self._files(request, path) if path.startswith("/api/files") else self._setup(request)
        return route.fulfill(status=status, body=json.dumps(answer), content_type="application/json")

    def _setup(self, request):
        if request.method == "PUT":
            refusal, self.refusal = self.refusal, None
            if refusal:
                return refusal
            self._tries = True
        if request.method != "DELETE" and self._tries and self.then:
            self.said.update(self.then.pop(0))
        return 202 if request.method == "PUT" else 200, self.said

    def _files(self, request, path):
        name = path.removeprefix("/api/files").removeprefix("/")
        if isinstance(self.files, str):
            return 403, {"error": self.files}
        if request.method == "PUT":
            self.files[name] = "a hash"
        if request.method == "DELETE":
            del self.files[name]
        return 200, self.files if request.method == "GET" else {}


@contextmanager
def opened(chromium, said, *then, files=None, **options):
    """The page on a browser of its own, and its board."""
    with chromium.new_context(**{"viewport": {"width": 390, "height": 800}, **options}) as context:
        context.set_default_timeout(30_000)
        board = StandIn(context, said, *then, files=files)
        page = context.new_page()
        page.goto(URL + "/setup")
        yield page, board
