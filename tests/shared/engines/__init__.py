"""The engines that the page is tested in.

Chromium's pages are Playwright's; those of Firefox and WebKitGTK have as much of Playwright's interface
as the tests of behaviour use: `page.py`, `expecting.py`.
"""

import contextlib
import shutil

from playwright.sync_api import expect as playwright_expect
from playwright.sync_api import sync_playwright

from . import firefox, webkit
from .expecting import Expected
from .page import Locator, Page

__all__ = ["ENGINES", "chromium", "expect", "started"]


@contextlib.contextmanager
def chromium():
    """Debian's Chromium. While Playwright runs, no other loop can."""
    path = shutil.which("chromium")
    assert path, "The browser tests need Chromium; on Debian: apt-get install chromium"
    playwright_expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


ENGINES = {"chromium": chromium, "firefox": firefox.started, "webkit": webkit.started}


def started(engine):
    """The engine's browser, as a context manager."""
    return ENGINES[engine]()


def expect(actual):
    """Playwright's `expect`, for pages of every engine."""
    return Expected(actual) if isinstance(actual, Locator | Page) else playwright_expect(actual)
