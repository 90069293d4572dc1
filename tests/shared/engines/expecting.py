"""What is expected of a page or of elements within their time, with the names of Playwright's `expect`."""

import re

from .page import EngineError, patiently


def normal(text):
    return " ".join(text.split())


def fits(has, wanted, whole=True):
    if isinstance(wanted, re.Pattern):
        return wanted.search(has) is not None
    return has == wanted if whole else wanted in has


class Expected:
    def __init__(self, actual):
        self._actual = actual

    def _wait(self, holds, what, timeout=None):
        def look():
            found = self._actual.facts()
            if not holds(found):
                raise EngineError(f"{self._actual.steps} should {what}; there is {found}")

        patiently(look, timeout or self._actual.page.timeout)

    def _one(self, holds, what, timeout=None):
        self._wait(lambda found: len(found) == 1 and holds(found[0]), what, timeout)

    def _texts(self, wanted, whole, timeout):
        def hold(found):
            if not isinstance(wanted, list):
                return len(found) == 1 and fits(normal(found[0]["text"]), wanted, whole)
            texts = [normal(it["text"]) for it in found]
            return len(texts) == len(wanted) and all(fits(*pair, whole) for pair in zip(texts, wanted))

        self._wait(hold, f"have the text {wanted}", timeout)

    def to_have_text(self, wanted, timeout=None):
        self._texts(wanted, True, timeout)

    def to_contain_text(self, wanted, timeout=None):
        self._texts(wanted, False, timeout)

    def to_have_count(self, count, timeout=None):
        self._wait(lambda found: len(found) == count, f"be {count}", timeout)

    def to_be_attached(self, timeout=None):
        self.to_have_count(1, timeout)

    def to_be_visible(self, timeout=None):
        self._one(lambda it: it["visible"], "be visible", timeout)

    def to_be_hidden(self, timeout=None):
        self._wait(lambda found: not any(it["visible"] for it in found), "be hidden", timeout)

    def to_be_in_viewport(self, ratio, timeout=None):
        assert ratio == 1
        self._one(lambda it: it["seen"], "be all in the viewport", timeout)

    def to_be_empty(self, timeout=None):
        self._one(lambda it: not (it["value"] or it["text"]), "be empty", timeout)

    def to_be_enabled(self, timeout=None):
        self._one(lambda it: it["enabled"], "be enabled", timeout)

    def to_be_disabled(self, timeout=None):
        self._one(lambda it: not it["enabled"], "be disabled", timeout)

    def to_be_checked(self, timeout=None):
        self._one(lambda it: it["checked"], "be checked", timeout)

    def to_be_focused(self, timeout=None):
        self._one(lambda it: it["focused"], "have the focus", timeout)

    def to_have_value(self, wanted, timeout=None):
        self._one(lambda it: fits(it["value"], wanted), f"have the value {wanted}", timeout)

    def to_have_attribute(self, name, wanted, timeout=None):
        self._one(lambda it: fits(it["attributes"].get(name, ""), wanted), f"have {name}={wanted}", timeout)

    def not_to_have_attribute(self, name, wanted, timeout=None):
        self._one(lambda it: it["attributes"].get(name) != wanted, f"not have {name}={wanted}", timeout)

    def to_have_class(self, wanted, timeout=None):
        self.to_have_attribute("class", wanted, timeout)

    def to_have_js_property(self, name, wanted):
        self._told(lambda: self._actual.page.ask("property", self._actual.steps, name), wanted)

    def to_have_accessible_name(self, wanted):
        self._told(lambda: self._actual.page.ask("name", self._actual.steps), wanted)

    def to_have_title(self, wanted):
        self._told(self._actual.title, wanted)

    def _told(self, ask, wanted):
        def look():
            if (told := ask()) != wanted:
                raise EngineError(f"there should be {wanted!r}, not {told!r}")

        patiently(look, getattr(self._actual, "page", self._actual).timeout)
