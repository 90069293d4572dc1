"""What no board reaches of a library, in all that joined takes out: by calls, classes and known values."""

import ast

import pytest

from tools.joined.folded import Folded
from tools.joined.unpassed import without_overridden, without_unpassed


def lines(tree):
    return ast.unparse(ast.fix_missing_locations(tree))


def unpassed(library, user):
    return lines(without_unpassed(ast.parse(library), [ast.parse(user)]))


def folded(library, user=""):
    return lines(Folded(tree := ast.parse(library), [ast.parse(user)]).visit(tree))


FUNCTION = "def send(first, second=2, third=None):\n    return (first, second, third)"


@pytest.mark.parametrize(
    "use, head",
    [
        ("send(1)", "def send(first):\n    third = None\n    second = 2"),
        ("send(1, 3)", "def send(first, second=2):\n    third = None"),
        ("send(1, third=3)", "def send(first, third=None):\n    second = 2"),
        ("send(1)\nthing.send(1, 2, 3)", FUNCTION),
        ("send(*those)", FUNCTION),
        ("send(1, **those)", FUNCTION),
        ("send(1)\nlater(send)", FUNCTION),
        ("send(1)\ngetattr(thing, 'send')", FUNCTION),
    ],
)
def test_parameters_that_no_call_gives_are_variables(use, head):
    assert unpassed(FUNCTION, use).startswith(head)


def test_parameter_that_nothing_reads_goes_whatever_its_default():
    assert unpassed("def send(those={}):\n    pass", "send()") == "def send():\n    pass"
    assert unpassed("def send(those={}):\n    those", "send()") == "def send(those={}):\n    those"


BASE = """class Base:

    def __init__(self, one, two=2):
        self.two = two

    def run(self, three=3):
        self.end(three)"""


@pytest.mark.parametrize(
    "use, head",
    [
        ("Base(1)", "(self, one):\n"),
        ("Base(1, 5)", "(self, one, two=2):\n"),
        ("class Heir(Base):\n    pass\nHeir(1, 5)", "(self, one, two=2):\n"),
        ("class Heir(Base):\n    pass\nHeir(1)", "(self, one):\n"),
        (
            "class Heir(Base):\n    def __init__(self):\n        super().__init__(1, 5)",
            "(self, one, two=2):\n",
        ),
        (
            "class Heir(Base):\n    def __init__(self, two):\n        super().__init__(1)\nHeir(5)",
            "(self, one):\n",
        ),
        ("make(Base)", "(self, one, two=2):\n"),
    ],
)
def test_what_is_given_when_something_is_made(use, head):
    assert head in unpassed(BASE, use)


@pytest.mark.parametrize(
    "use, stays",
    [
        ("class Heir(Base):\n    def run(self):\n        pass", False),
        ("class Heir(Base):\n    def run(self):\n        super().run()", True),
        ("class Heir(Base):\n    def run(self):\n        Base.run(self)", True),
        ("class Heir(Base):\n    def run(self):\n        pass\nclass Other(Base):\n    pass", True),
        ("class Heir(Base):\n    def run(self):\n        pass\nBase(1)", True),
        ("class Heir(Base):\n    def run(self):\n        pass\nmake(Base)", True),
        ("Base(1)", True),
    ],
)
def test_what_all_heirs_have_of_their_own_goes(use, stays):
    assert ("def run" in lines(without_overridden(ast.parse(BASE), [ast.parse(use)]))) == stays


@pytest.mark.parametrize(
    "text, less",
    [
        ("x = None\nif x:\n    f()\ng()", "x = None\ng()"),
        ("x = None\nif x is None:\n    f()\nelse:\n    g()", "x = None\nf()"),
        ("x = y = 1\nif not x:\n    f()\nelif y:\n    g()", "x = y = 1\ng()"),
        ("x = None\nx = f()\nif x:\n    g()", None),
        ("x = None\nfor x in f():\n    pass\nif x:\n    g()", None),
        ("x = None\nwhile f():\n    if x:\n        g()\n    x = 1", None),
        ("x = None\ntry:\n    x = f()\nexcept OSError:\n    pass\nif x:\n    g()", None),
        (
            "def f(x):\n\n    def g():\n        nonlocal x\n        x = 1\n"
            "    x = None\n    g()\n    if x:\n        h()",
            None,
        ),
        ("def g():\n    global x\n    x = 1\nx = None\ng()\nif x:\n    h()", None),
        ("if f() and False:\n    g()", None),
        ("if a and False:\n    g()\nh()", "h()"),
        ("if a and True:\n    g()", None),
        ("a = b if False else c", "a = c"),
        ("a = None or b", "a = b"),
        ("a = b or None", None),
        ("a = b + ''", "a = b"),
        ("def f():\n    return 1\n    g()", "def f():\n    return 1"),
        ("def f():\n    while 1:\n        g()\n    h()", "def f():\n    while 1:\n        g()"),
        ("while 1:\n    if g():\n        break\nh()", None),
        ("if a:\n    if None:\n        f()", "if a:\n    pass"),
    ],
)
def test_what_is_never_reached_goes(text, less):
    assert folded(text) == (text if less is None else less)


def test_nothing_follows_a_method_that_only_raises():
    text = "class A:\n\n    def run(self):\n        answer = self.wait()\n        self.end(answer)"
    raising = "class B(A):\n    def wait(self):\n        raise EOFError"
    assert "end" not in folded(text, raising)
    assert "end" in folded(text, raising + "\nclass C(A):\n    def wait(self):\n        return 1")
    assert "end" in folded(text, raising.replace("def wait", "async def wait"))
