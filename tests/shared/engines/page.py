"""Pages and locators with Playwright's names, over what every engine can do: evaluate, keys, pointer."""

import json
import re
import time
from pathlib import Path

import axe

from .hands import Keyboard, Mouse

SCRIPT = (Path(__file__).parent / "page.js").read_text()
MISSING = "not yet in this page"
PAUSE = 0.02  # s, between two looks
ZONE, LOCALE = "Asia/Kolkata", "en-GB"  # of each process


class EngineError(Exception):
    """What the engine or the page said."""


def patiently(attempt, timeout):
    """What `attempt` returns, once it raises no EngineError; tried for `timeout` milliseconds."""
    deadline = time.monotonic() + timeout / 1000
    while True:
        try:
            return attempt()
        except EngineError:
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE)


def wanted(text, exact=False):
    if text is None:
        return None
    return {"pattern": text.pattern} if isinstance(text, re.Pattern) else {"text": text, "exact": bool(exact)}


class Queries:
    """How elements are found, from a page or within others."""

    def _within(self, *step):
        raise NotImplementedError

    def locator(self, selector):
        return self._within("css", selector)

    def get_by_role(self, role, name=None, exact=False, **states):
        return self._within("role", role, wanted(name, exact), states)

    def get_by_label(self, text, exact=False):
        return self._within("label", wanted(text, exact))

    def get_by_text(self, text, exact=False):
        return self._within("text", wanted(text, exact))


class Locator(Queries):
    """Elements, looked for anew at each use."""

    def __init__(self, page, steps):
        self.page = page
        self.steps = steps

    def _within(self, *step):
        return Locator(self.page, [*self.steps, step])

    def nth(self, index):
        return self._within("nth", index)

    def filter(self, has_text):
        return self._within("filter", wanted(has_text))

    def or_(self, other):
        return Locator(self.page, [("either", self.steps, other.steps)])

    @property
    def first(self):
        return self.nth(0)

    @property
    def last(self):
        return self.nth(-1)

    def facts(self):
        return self.page.ask("facts", self.steps)

    def count(self):
        return len(self.facts())

    def all(self):
        return [self.nth(index) for index in range(self.count())]

    def _ask(self, what, *arguments):
        return patiently(lambda: self.page.ask(what, self.steps, *arguments), self.page.timeout)

    def _fact(self, name):
        def look():
            found = self.facts()
            if len(found) != 1:
                raise EngineError(f"{len(found)} elements of {self.steps}")
            return found[0][name]

        return patiently(look, self.page.timeout)

    def get_attribute(self, name):
        return self._fact("attributes").get(name)

    def text_content(self):
        return self._fact("text")

    def inner_text(self):
        return self._fact("inner")

    def all_text_contents(self):
        return [it["text"] for it in self.facts()]

    def bounding_box(self):
        return self._ask("box")

    def evaluate(self, function):
        return self._ask("apply", Script(function))

    def evaluate_all(self, function):
        return self._ask("applyAll", Script(function))

    def focus(self):
        self._ask("focus")

    def blur(self):
        self._ask("blur")

    def hover(self):
        def aim():
            """Where it is, once it stands still."""
            before, after = (self.page.ask("aim", self.steps) for _ in range(2))
            if before != after:
                raise EngineError(f"moves: {self.steps}")
            return after

        self.page.mouse.move(*patiently(aim, self.page.timeout))

    def click(self):
        self.hover()
        self.page.mouse.down()
        self.page.mouse.up()

    def check(self):
        if not self._fact("checked"):
            self.click()

    def uncheck(self):
        if self._fact("checked"):
            self.click()

    def press(self, key):
        self.focus()
        self.page.keyboard.press(key)

    def fill(self, text):
        self._ask("select", text)
        if not re.search("date|time", self.get_attribute("type") or ""):
            self.page.keyboard.type(text) if text else self.page.keyboard.press("Delete")

    def select_option(self, value=None, label=None):
        self._ask("choose", {"value": value, "label": label or value})


class Script(str):
    """JavaScript among arguments that are JSON."""


class Page(Queries):
    """A page in a tab of an engine. A tab can: open, reload, evaluate, move, button, key, resize, picture."""

    def __init__(self, tab, viewport, color_scheme):
        self._tab = tab
        self._scheme = color_scheme
        self.timeout = 5000
        self.mouse = Mouse(tab)
        self.keyboard = Keyboard(tab)
        self.set_viewport_size(viewport)

    def _within(self, *step):
        return Locator(self, [step])

    def set_default_timeout(self, milliseconds):
        self.timeout = milliseconds

    def set_viewport_size(self, size):
        self.mouse.edges = size["width"], size["height"]
        self._tab.resize(*self.mouse.edges)

    def _colour(self):
        self.evaluate("scheme => { document.documentElement.style.colorScheme = scheme }", self._scheme)

    def goto(self, url):
        self._tab.open(url)
        self._colour()

    def reload(self):
        self._tab.reload()
        self._colour()

    def content(self):
        return self.evaluate("document.documentElement.outerHTML")

    def title(self):
        return self.evaluate("document.title")

    def screenshot(self, path):
        Path(path).write_bytes(self._tab.picture())

    def evaluate(self, script, argument=None):
        """The value of an expression, or what a function returns."""
        script = script.strip().removesuffix(";")
        return self._tab.evaluate(
            f"const it = ({script}\n); return typeof it === 'function' ? it({json.dumps(argument)}) : it;"
        )

    def ask(self, what, *arguments):
        """What a function of `page.js` returns."""
        given = ", ".join(it if isinstance(it, Script) else json.dumps(it) for it in arguments)
        script = f"return window.tested ? tested.{what}({given}) : {json.dumps(MISSING)};"
        if (answer := self._tab.evaluate(script)) != MISSING:
            return answer
        self._tab.evaluate(axe.text() + SCRIPT)
        return self._tab.evaluate(script)

    def once(self, event, answer):
        """Answers the next question of the page: `answer` accepts or dismisses a dialog."""
        assert event == "dialog"
        dialog = Dialog()
        answer(dialog)
        self.evaluate(
            "yes => { const { confirm } = window;"
            "window.confirm = () => { window.confirm = confirm; return yes } }",
            dialog.accepted,
        )


class Dialog:
    def accept(self):
        self.accepted = True

    def dismiss(self):
        self.accepted = False


class Context:
    """A browser of its own: no cookies of others."""

    DESKTOP = {"width": 1280, "height": 720}

    def __init__(self, engine, viewport=None, color_scheme="light", timezone_id=ZONE, locale=LOCALE):
        assert (timezone_id, locale) == (ZONE, LOCALE)
        self._engine = engine
        self._options = {"viewport": viewport or self.DESKTOP, "color_scheme": color_scheme}
        self._timeout = 5000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def set_default_timeout(self, milliseconds):
        self._timeout = milliseconds

    def new_page(self):
        page = Page(self._engine.tab(), **self._options)
        page.set_default_timeout(self._timeout)
        return page

    def close(self):
        self._engine.close()
