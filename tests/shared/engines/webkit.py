"""WebKitGTK's MiniBrowser by Selenium, on a screen and a message bus of its own."""

import contextlib
import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options

from tools.processes import free_port

from .page import ZONE, Context, EngineError, patiently

ATTEMPTS = 10
NEEDS = ("WebKitWebDriver", "Xvfb", "dbus-run-session")
MISSING = "The browser tests need WebKitGTK; on Debian: apt-get install webkit2gtk-driver xvfb dbus"
BROWSER = "/usr/lib/*/webkit2gtk-4.1/MiniBrowser"
# Else the browser's buttons keep a window wider than a phone.
SMALL_BUTTONS = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border: 0; font-size: 1px }"
KEYS = {
    name: getattr(Keys, code)
    for name, code in {
        "ArrowUp": "ARROW_UP", "ArrowDown": "ARROW_DOWN", "ArrowLeft": "ARROW_LEFT",
        "ArrowRight": "ARROW_RIGHT", "Home": "HOME", "End": "END", "Enter": "ENTER", "Tab": "TAB",
        "Escape": "ESCAPE", "Delete": "DELETE", "Backspace": "BACKSPACE", "Shift": "SHIFT",
        "Control": "CONTROL",
    }.items()
}  # fmt: skip
# The screen's pointer stands in its middle: where nobody manages windows, the one under it has the focus.
SCREEN = 1400
WAIT = """const done = arguments[arguments.length - 1];
(async () => { %s })().then(value => done({ value }), error => done({ error: `${error}` }));"""


@contextlib.contextmanager
def told():
    try:
        yield
    except WebDriverException as error:
        raise EngineError(error.msg) from None


class WebKit:
    """The browser: each context has a window, and no cookies of the last one."""

    def __init__(self, driver):
        self._driver = driver
        self._tabs = []

    def new_context(self, **options):
        return Context(self, **options)

    def tab(self):
        self._driver.switch_to.new_window("window")
        self._tabs.append(Tab(self._driver))
        return self._tabs[-1]

    def close(self):
        self._driver.delete_all_cookies()
        self._tabs.pop().close()


class Tab:
    def __init__(self, driver):
        self._all = driver
        self._window = driver.current_window_handle

    @property
    def _driver(self):
        with told():
            if self._all.current_window_handle != self._window:
                self._all.switch_to.window(self._window)
        return self._all

    def close(self):
        self._driver.close()
        self._all.switch_to.window(self._all.window_handles[0])

    def open(self, url):
        self._driver.get(url)

    def reload(self):
        self._driver.refresh()

    def resize(self, width, height):
        """With the browser's buttons the window is larger, and it gets its size when it gets it."""
        wanted = [width, height]
        sides = width, height
        for _ in range(ATTEMPTS):
            self._driver.set_window_rect(*(SCREEN // 2 - side // 2 for side in sides), *sides)
            for _ in range(ATTEMPTS):
                inner = self.evaluate("return [innerWidth, innerHeight]")
                if inner == wanted:
                    return
                time.sleep(0.05)
            sides = [side + should - now for side, should, now in zip(sides, wanted, inner)]
        raise AssertionError(f"the window is {inner}")

    def evaluate(self, body):
        driver = self._driver
        with told():
            said = driver.execute_async_script(WAIT % body)
        if "error" in said:
            raise EngineError(said["error"])
        return said.get("value")

    def _act(self, act):
        actions = ActionBuilder(self._driver, duration=0)
        act(actions)
        with told():
            actions.perform()

    def move(self, x, y):
        self._act(lambda actions: actions.pointer_action.move_to_location(round(x), round(y)))

    def button(self, way):
        self._act(lambda actions: getattr(actions.pointer_action, f"pointer_{way}")())

    def key(self, way, key):
        self._act(lambda actions: getattr(actions.key_action, f"key_{way}")(KEYS.get(key, key)))

    def picture(self):
        return self._driver.get_screenshot_as_png()


@contextlib.contextmanager
def group(*command, **options):
    """A process whose children end with it."""
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


@contextlib.contextmanager
def screen():
    """The number of a new display."""
    size = "-screen", "0", f"{SCREEN}x{SCREEN}x24"
    with group("Xvfb", "-displayfd", "1", *size, stdout=subprocess.PIPE, text=True) as xvfb:
        yield xvfb.stdout.readline().strip()


@contextlib.contextmanager
def started():
    browsers = glob.glob(BROWSER)
    assert browsers and all(map(shutil.which, NEEDS)), MISSING
    options = Options()
    options.binary_location = browsers[0]
    options.add_argument("--automation")
    port = free_port()
    with tempfile.TemporaryDirectory() as home, screen() as display:
        style = Path(home) / "gtk-3.0" / "gtk.css"
        style.parent.mkdir()
        style.write_text(SMALL_BUTTONS)
        env = {
            **os.environ, "DISPLAY": f":{display}", "HOME": home, "XDG_CONFIG_HOME": home,
            "TZ": ZONE, "LANG": "en_GB.UTF-8",
        }  # fmt: skip
        command = "dbus-run-session", "--", "WebKitWebDriver", f"--port={port}"
        with group(*command, env=env, stdout=subprocess.DEVNULL):
            driver = connected(port, options)
            driver.set_script_timeout(20)
            yield WebKit(driver)
            driver.quit()


def connected(port, options):
    config = ClientConfig(f"http://127.0.0.1:{port}", timeout=60)

    def connect():
        try:
            return webdriver.Remote(RemoteConnection(client_config=config), options=options)
        except Exception as error:  # refused, until it listens
            raise EngineError(str(error)) from None

    return patiently(connect, 10_000)
