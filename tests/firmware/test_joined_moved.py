"""What is called once is where it is called, and list comprehensions are loops: no functions on boards."""

import ast

import pytest

from tools.joined import loops, moved

MODULE = """
import asyncio

said = []


def told(text, end="."):
    said.append(text + end)


def _sign(number):
    if number < 0:
        return "less"
    if not number:
        return "none"
    return "more"


def _half(number):
    return number / 2


async def _slept(number):
    await asyncio.sleep(0)
    name = number + 1
    return name, number


def _found(names, name):
    for each in names:
        if each == name:
            return each
    told("nothing")


class Thing:
    def __init__(self, name):
        self.name = name

    def _say(self, what, name="me"):
        if what is None:
            return
        what = what + self.name
        told(what, end=name)

    def _is_short(self):
        return len(self.name) < 3

    def all(self, number):
        name = [name for name in (self.name, str(number)) if name]
        self._say("I am ")
        if self._is_short():
            told("short")
        sign = _sign(number)
        result = _half(self.whole)
        return sign, result, name, [one for one in name if len(one) == number]

    @property
    def whole(self):
        return 8

    async def later(self, names):
        number, name = await _slept(4)
        told(str((number, name)))
        return _found(names, "b")


def results():
    thing, other = Thing("it"), Thing("other")
    numbers = [thing.all(number) for number in (-1, 0, 1)], other.all(5)
    return numbers, asyncio.run(thing.later("abc")), asyncio.run(thing.later("xyz")), said
"""
MOVED = "_sign _half _found _say _is_short".split()


def transformed(text, kept=("results", "all", "later")):
    trees = {"m": ast.parse(text)}
    loops.unroll(trees["m"])
    places = moved.move(trees, set(kept))
    return ast.unparse(ast.fix_missing_locations(trees["m"])), places


def run(text):
    names = {}
    exec(text, names)
    return names["results"]()


def test_it_does_the_same_without_functions_and_comprehensions():
    text, places = transformed(MODULE)
    assert sorted(places) == sorted(MOVED) and places["_found"] == "later"
    assert not any(f"def {name}(" in text for name in MOVED)
    comprehensions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ListComp)]
    assert [each.elt.id for each in comprehensions] == ["one"]  # no statement begins with it
    assert run(text) == run(MODULE)


def test_what_a_function_names_is_not_kept_by_a_coroutine_that_goes_on():
    function = "\n\ndef _weighed(all):\n    heavy = [*all]\n    return len(heavy)\n"
    goes_on = "\n\nasync def lasting():\n    size = _weighed('ab')\n    await asyncio.sleep(size)\n"
    ends = "\n\nasync def short():\n    return _weighed('ab')\n"
    for caller, places in (goes_on, {}), (ends, {"_weighed": "short"}):
        assert transformed("import asyncio" + function + caller, ("lasting", "short"))[1] == places


CALLER = """
def caller(value, log):
    {}
"""


@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("def _one():\n    return 1", "return _one() + _one()"),
        ("def _one():\n    yield 1", "return _one()"),
        ("def _one():\n    return lambda: 1", "return _one()"),
        ("def _one(*all):\n    return all", "return _one(1)"),
        ("def _one(a):\n    return a", "return _one(*value)"),
        ("def _one():\n    return log", "return _one()"),  # another log than the caller's
        ("async def _one():\n    return 1", "return _one()"),  # a coroutine
        ("def _one():\n    for each in 1, 2:\n        return each", "value = _one()\n    return value"),
        ("def _one(a):\n    return a or a", "return _one(value())"),
        ("def _one(a):\n    return 1 or a", "return _one(value())"),
        ("def _one():\n    return 1", "return _one"),
        ("def _one():\n    return 1", "return log or [_one() for each in value]"),
        ("def _one():\n    return 1", "return getattr(log, '_one') or _one()"),
        ("@log\ndef _one():\n    return 1", "return _one()"),
        ("def kept():\n    return 1", "return kept()"),
    ],
)
def test_what_might_not_be_the_same_stays(function, call):
    text = f"{function}\n{CALLER.format(call)}"
    assert not transformed(text, ("kept", "caller"))[1]


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("return [x for x in value if x]", "made = []"),
        ("value = [x for x in value]", "made = []"),  # it reads what it sets
        ("other = [x for x in value]", "other = []"),
        ("if [x for x in value] and log:\n        return 1", "made = []"),
        ("return len([x for x in value])", "made = []"),
        ("return log() and [x for x in value]", "return log() and [x for x in value]"),
        ("return [x for x in value for y in x]", "return [x for x in value for y in x]"),
        ("while [x for x in value]:\n        log()", "while [x for x in value]:"),
    ],
)
def test_comprehension_is_a_loop_where_a_statement_begins_with_it(statement, first):
    text, _ = transformed(CALLER.format(statement), ("caller",))
    assert text.splitlines()[1].strip() == first


def test_names_of_the_caller_mean_what_they_did():
    text = """
def _other(value):
    number = value * 2
    return number + 1

def results():
    number = 5
    other = _other(number)
    return number, other
"""
    assert run(transformed(text)[0]) == run(text) == (5, 11)
