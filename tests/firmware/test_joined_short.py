"""Names and constants of the modules that boards get: short, and with the same meaning."""

import ast
import re
import subprocess
import sys

import pytest

from tools import library
from tools.joined import Clash, names, short

MODULE = '''
from micropython import const

LIMIT, _STEP = 7, 2
_MASK = const(LIMIT << 4)
NAMED = 5


def _shared(values):
    values.append(_MASK)
    return values


class Thing:
    """Words such as NAMED do not count in here."""

    _class_wide = 1

    def __init__(self, number, *, only):
        self._number = number
        self._only = only
        self._text_named = 3

    def _method(self, number, others):
        def inner(more):
            nonlocal number
            number += more + self._class_wide
            return [number for _ in others]

        return inner(_STEP) + [self._number, self._only, getattr(self, "_text_named"), globals_of("NAMED")]

    def apply(self, number, **named):
        _MASK_LOCAL = lambda number: number + LIMIT
        for key in named:
            try:
                number += named[key] // 0
            except ZeroDivisionError as error:
                number += len(error.args)
        return _MASK_LOCAL(number=number)


def globals_of(name):
    return getattr(sys.modules[__name__], name) if __name__ in sys.modules else NAMED


def results():
    thing = Thing(1, only=2)
    return _shared([]), thing._method(3, "ab"), thing.apply(4, number_of=5, other=6)
'''


def shortened(*texts):
    """The modules m0, m1, … with all that short.py does."""
    trees = {f"m{i}": short.without_docstrings(ast.parse(text)) for i, text in enumerate(texts)}
    short.inline_constants(trees)
    short.shorten_parameters(trees.values(), trees.values(), {"Public"})
    told = names.shorten(
        trees, {"results", "Public"}, (), [ast.parse("class Pin:\n    def toggled(self): pass")]
    )
    for tree in trees.values():
        short.with_order(tree)
    return [ast.unparse(ast.fix_missing_locations(tree)) for tree in trees.values()], {
        name for _, _, name in told
    }


def test_short_module_does_the_same(tmp_path):
    found = []
    for i, text in enumerate((MODULE, shortened(MODULE)[0][0])):
        (tmp_path / "micropython.py").write_text("const = int\n")
        (tmp_path / f"m{i}.py").write_text(f"import sys\n{text}\nprint(results())\n")
        command = [sys.executable, tmp_path / f"m{i}.py"]
        found.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert found[0] == found[1] == "([112], [6, 6, 1, 2, 3, 5], 13)\n"


def test_names_become_short_but_those_in_texts_or_given_by_keyword():
    (text,), made = shortened(MODULE)
    assert made == {"_class_wide", "_number", "_only", "_shared", "_method", "Thing", "apply", "globals_of"}
    assert not made & set(re.findall(r"\w+", text))
    assert "self._text_named" in text and "*, only" in text and "number_of=5" in text


def test_what_is_imported_from_another_module_has_one_short_name():
    texts, _ = shortened("def given():\n    pass", "from .m0 import given\ngiven()")
    assert texts == ["def A():\n    pass", "from .m0 import A\nA()"]


def test_attribute_and_variable_may_share_a_short_name_but_functions_never():
    text = "class Thing:\n    def one(self):\n        self.two = three()\ndef three():\n    pass"
    (made,), _ = shortened(text)
    names = re.fullmatch(
        r"class (\w+):\s+def (\w+)\(self\):\s+self\.(\w) = (\w)\(\)\s+def (\w)\(\):\s+pass", made
    )
    thing, one, two, called, three = names.groups()
    assert called == three == two and len({thing, one, three}) == 3


def test_what_the_body_of_a_class_uses_is_not_hidden_by_its_attributes():
    text = """
def made(text):
    return text

class Kept:
    %s

    @property
    def last(self):
        return property
"""
    members = [f"member_{i} = made(made)" for i in range(150)]
    (made,), _ = shortened(text % "\n    ".join(members))
    (kept,) = [node for node in ast.parse(made).body if isinstance(node, ast.ClassDef)]
    bound = {node.targets[0].id for node in kept.body if isinstance(node, ast.Assign)} | {kept.body[-1].name}
    assert len(bound) == 151 and not bound & {"property", re.search(r"def (\w+)\(\w\):", made)[1]}


def test_names_that_are_there_anyway_are_taken_again():
    (made,), _ = shortened("class Thing:\n    pass\n\ndef given(values):\n    values.append(len(values))")
    assert "class append:" in made or "def append(" in made
    (made,), _ = shortened("class Thing:\n\n    def act(self):\n        len(self)")
    assert "def len(self" in made
    (made,), _ = shortened(
        "class Thing:\n\n    def act(self):\n        len(self)\n        setattr(self, 'len', 1)"
    )
    assert "def len(self" not in made


def test_members_of_a_class_are_attributes():
    text = """
class Kept:
    first = 1
    second = first

    @property
    def third(self):
        first = self.first
        return first

    @third.setter
    def third(self, value):
        pass
"""
    (made,), _ = shortened(text)
    assert "c = 1" in made.replace("a = 1", "c = 1")
    assert re.search(r"(\w) = 1\n    \w = \1\n", made) and re.search(r"@(\w+)\.setter\n    def \1\(", made)
    assert "first = self." in made


@pytest.mark.parametrize(
    "text",
    [
        "def results():\n    pass",
        "class Public:\n\n    def act(self):\n        self.done = 1",
        "class Refused(ValueError):\n    pass",
        "class Deeper(LookupError):\n    pass\n\nclass Refused(Deeper):\n    pass",
        "import json\n\ndef f():\n    f.loads = f.toggled = f.append = json",
        "from json import loads\nif not loads:\n\n    def loads():\n        pass",
        "def f(given):\n    pass\nf(given=1)\ngiven = {}",
    ],
)
def test_what_scripts_and_others_know_keeps_its_name(text):
    (made,), _ = shortened(text)
    assert re.sub(r"\b[ab]\b", "f", made) == text


def test_constants_stand_where_they_are_used():
    texts, _ = shortened("PIECE = 800\n_HALF = PIECE // 2", "from .m0 import PIECE, other\nprint(PIECE * 2)")
    assert texts == ["", "from .m0 import other\nprint(800 * 2)"]


@pytest.mark.parametrize(
    "text",
    [
        "A = 1\nif later:\n    A = 2",
        "A = 1\n\ndef f():\n    global A\n    A = 2",
        "A = 1\n\ndef f(A):\n    return A",
        "A = 1\n\ndef f(module):\n    return getattr(module, 'A')",
        "A = 1\n\ndef f(module):\n    return module.A",
        "A = []",
        "A = f()",
    ],
)
def test_what_may_be_no_constant_stays(text):
    trees = {"m": ast.parse(text)}
    short.inline_constants(trees)
    assert ast.unparse(trees["m"]) == text


def test_constant_that_another_module_binds_again_is_told():
    with pytest.raises(Clash, match=r"^PIECE is a constant of one module, and another binds it again\.$"):
        shortened("PIECE = 800", "from .m0 import PIECE\ndef f(PIECE):\n    pass")


@pytest.mark.parametrize("made", ['getattr(one, "_on" + name)', 'getattr(one, f"_{name}")', '"_%s" % name'])
def test_private_name_made_at_run_time_is_told(made):
    with pytest.raises(Clash, match="so none may be made: "):
        shortened(made)


@pytest.mark.parametrize("found", ["globals()", "one.__dict__", "exec(text)"])
def test_names_found_at_run_time_are_told(found):
    with pytest.raises(Clash, match="Names are short on boards, so "):
        shortened(found)


def test_text_with_names_of_its_own_finds_no_others():
    assert shortened("names = {}\nexec(text, names)")[0] == ["A = {}\nexec(text, A)"]


def test_parameters_given_by_keyword_keep_their_names():
    text = "def f(first, second):\n    return first + second\nf(1, second=2)"
    assert shortened(text)[0] == [text.replace("first", "a")]


def test_parameters_named_by_a_route_keep_their_names():
    (text,), _ = shortened("def send(request, name):\n    pass\nroute('/files/<path:name>', send)")
    assert text.startswith("def A(a, name):")


def test_parameters_of_what_scripts_call_keep_their_names():
    text = "class Public:\n\n    def act(self, first):\n        pass"
    assert shortened(text)[0] == [text]


def test_most_used_names_come_first(tmp_path):
    rare = "".join(f"import rare_{i}\n" for i in range(150))
    text = f"{rare}def f(one):\n" + "    one.used()\n" * 50
    sizes = []
    for tree in ast.parse(text), short.with_order(ast.parse(text)):
        (tmp_path / "m.py").write_text(ast.unparse(ast.fix_missing_locations(tree)))
        sizes.append(library.compile_into(tmp_path, {"m.py": tmp_path / "m.py"})["m.mpy"])
    assert sizes[1] < sizes[0] - 30
