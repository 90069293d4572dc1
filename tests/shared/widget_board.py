"""A board with variables of every type, each writable and followed by a read-only one, and its page."""

import contextlib
import json
import time
import urllib.error
import urllib.request

from engines import expect

from tools.local import Board, Cloud
from tools.pictures import every_widget
from tools.pictures.widgets import png
from tools.processes import free_port

HEAP = "512k"  # for the past of what is charted
SAVING = """
from sideboard import layout

layout._APART_MS = 0  # a test saves many
"""
SCRIPT = """
import logging

from sideboard import (
    ArduinoCloudClient, Color, ColoredLight, DimmedLight, Location, Schedule, Television
)

logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()


def follow(name):
    def on_write(client, value):
        client[name + "Seen"] = value.json() if hasattr(value, "json") else value

    return on_write


for name, value in ("flag", False), ("count", 1), ("level", 1.5), ("text", "first"):
    client.register(name, value=value, on_write=follow(name))
    client.register(name + "Seen", value=value)

for name, kind, value in (
    ("color", Color, {"hue": 10, "sat": 20, "bri": 30}),
    ("dimmed", DimmedLight, {"swi": False, "bri": 30}),
    ("light", ColoredLight, {"swi": False, "hue": 10, "sat": 20, "bri": 30}),
    ("place", Location, {"lat": 46.5, "lon": 6.25}),
    ("plan", Schedule, {"frm": 0, "to": 0, "len": 0, "msk": 0}),
    ("tv", Television, {"swi": False, "vol": 10, "mut": False, "pbc": 7, "inp": 55, "cha": 3}),
):
    client.register(kind(name, value=value, on_write=follow(name)))
    client.register(kind(name + "Seen", value=value, on_write=None))

client.register(
    "speed", value=10, on_write=follow("speed"),
    widget="Slider", title="Fan", min=0, max=50, step=5, unit="rpm"
)
client.register("speedSeen", value=10, min=0, max=50)
client.register("bounded", value=2.5, on_write=follow("bounded"), min=0, max=5)
client.register("boundedSeen", value=2.5, widget="Percentage", max=5)
client.register("mode", value=1, on_write=follow("mode"), values=[0, 1, 2])
client.register("modeSeen", value=1, widget="Chart")
client.register("later", type=float)
client.register("laterText", type=str, on_write=lambda client, value: None)
client.register("unknown")
client.start()
"""
SECRETS = """
WIFI_SSID = "sideboard"
WIFI_PASS = "a password"
DEVICE_ID = "a-board"
SECRET_KEY = "its-key"
CLOUD_SERVER = "127.0.0.1"
CLOUD_PORT = {port}
HOSTNAME = "widgets"
"""


class WidgetBoard:
    """The board, without a cloud, and how to lay out and to open its page."""

    said = "refuses connections"  # once the dashboard is there

    def __init__(self, browser, folder, script=SCRIPT, network=None):
        self._network = network
        self._browser = browser
        self._main = folder / "main.py"
        self.flash = folder / "flash"
        self._main.write_text(SAVING + script)
        (self.flash / "files").mkdir(parents=True)
        (self.flash / "files" / "plan.png").write_bytes(png(16, 9, b"\x10\x80\x90" * 16 * 9))
        self._secrets = self.secrets(folder)
        self.board = None
        self.start()

    def secrets(self, folder):
        file = folder / "secrets.py"
        file.write_text(SECRETS.format(port=free_port()))
        return file

    def start(self):
        """Starts the board, a second time at the port of the first."""
        port = self.board.http_port if self.board else None
        self.board = Board(
            self._main, self._secrets, port, flash=self.flash, network=self._network, heap=HEAP
        )
        self.board.wait_for(self.said)
        self.api = self.board.page

    def stop(self):
        self.board.stop()

    def save(self, widgets, **more):
        """Saves a layout on the board, as the editor does; returns the HTTP status."""
        return self.put_layout(json.dumps({"widgets": widgets, **more}).encode())

    def put_layout(self, body):
        return self._dashboard("PUT", body)

    def forget_layout(self):
        return self._dashboard("DELETE")

    def _dashboard(self, method, body=None):
        request = urllib.request.Request(self.api.url + "/api/dashboard", body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise
            time.sleep(int(error.headers["Retry-After"]))  # as it is told to
            return self._dashboard(method, body)

    @contextlib.contextmanager
    def page(self, **options):
        """A new browser's page, once it shows what the board said."""
        with self._browser.new_context(**options) as context:
            page = context.new_page()
            page.set_default_timeout(30_000)
            self.visit(page)
            yield page

    def visit(self, page):
        page.goto(self.api.url)
        expect(page.get_by_text("Board connected")).to_be_visible()

    def put(self, name, value):
        status, answer = self.api.put(name, value)
        assert status == 200, answer


class Greenhouse(WidgetBoard):
    """A board with a cloud, and a dashboard of every widget."""

    said = "Cloud: connected"

    def __init__(self, browser, folder):
        super().__init__(browser, folder, every_widget.SCRIPT)

    def secrets(self, folder):
        every_widget.fill(self.flash)
        self.cloud = Cloud(folder / "cloud", [])
        return self.cloud.folder / "secrets.py"

    def stop_cloud(self):
        self.cloud.stop()


def widget(kind, *names, title=None, **options):
    """A widget of a layout, bound to the variables of these names; its title is its type unless given."""
    variables = [{"thing_id": "thing", "variable_id": name} for name in names]
    return {"type": kind, "name": title or kind, "variables": variables, "options": options}


def card(page, title):
    return page.get_by_role("group", name=title, exact=True)
