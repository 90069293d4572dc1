"""Debian's Firefox by puppeteer-core, over WebDriver BiDi."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import npm

from .page import ZONE, Context, EngineError

VERSION = "24.43.1"  # of the last that run on Debian's Node.js 18


class Firefox:
    """The browser, and how it is told what to do."""

    def __init__(self, process):
        self._process = process

    def call(self, target, call, *arguments):
        line = json.dumps({"target": target, "call": call, "args": arguments})
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        assert said, "Firefox does not start, or has ended"
        said = json.loads(said)
        if "error" in said:
            raise EngineError(said["error"])
        return said.get("value")

    def new_context(self, **options):
        return Context(Own(self), **options)


class Own:
    """What a context has of the browser."""

    def __init__(self, firefox):
        self._firefox = firefox
        self._number = firefox.call(0, "createBrowserContext")

    def tab(self):
        return Tab(self._firefox, self._firefox.call(self._number, "newPage"))

    def close(self):
        self._firefox.call(self._number, "close")


class Tab:
    def __init__(self, firefox, number):
        self._call = lambda call, *arguments: firefox.call(number, call, *arguments)

    def open(self, url):
        self._call("goto", url)

    def reload(self):
        self._call("reload")

    def resize(self, width, height):
        self._call("setViewport", {"width": width, "height": height})

    def evaluate(self, body):
        return self._call("evaluate", f"(async () => {{ {body} }})()")

    def move(self, x, y):
        self._call("mouse.move", x, y)

    def button(self, way):
        self._call(f"mouse.{way}")

    def key(self, way, key):
        self._call(f"keyboard.{way}", key)

    def picture(self):
        return base64.b64decode(self._call("screenshot", {"encoding": "base64"}))


@contextlib.contextmanager
def started():
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    assert path, "The browser tests need Firefox; on Debian: apt-get install firefox-esr"
    library = npm.installed("puppeteer-core", VERSION) / "lib" / "esm" / "puppeteer" / "puppeteer-core.js"
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            ["node", Path(__file__).with_suffix(".mjs"), library, path],
            env={**os.environ, "HOME": home, "TZ": ZONE},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            yield Firefox(process)
        finally:
            process.stdin.close()  # it ends the browser, then itself
            process.wait(20)
            process.stdout.close()
