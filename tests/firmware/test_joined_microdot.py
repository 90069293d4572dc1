"""Of microdot boards get what is used here, and it comes back with use."""

import ast
import functools

import pytest

from tools import library
from tools.joined.slim import slim

USER = """
from microdot.microdot import Microdot, Request, Response

class App(Microdot):
    def __init__(self):
        super().__init__()
        self.before_request(self.check)
        self.route("/")(self.send)

    async def check(self, request):
        %s

    async def send(self, request):
        return Response.send_file("a", 200)

    async def serve(self, reader, writer):
        await self.handle_request(reader, writer)
"""
RETURNS = [
    ("request.json", ["def json(self)", "self._json = None"]),
    ("request.cookies", ["self.cookies = {}", "self.headers['Cookie'].split(';')"]),
    ("request.args", ["self.args = self._parse_urlencoded(self.query_string)", "class MultiDict(dict)"]),
    ("request.url", ["self.url = url"]),
    ("request.form", ["def form(self)", "self._form = None"]),
    ("request.g", ["self.g = Request.G()", "class G:"]),
    ("request.client_addr", ["self.client_addr = client_addr"]),
    ("Response.redirect('/')", ["def redirect(cls"]),
    ("Response().set_cookie('a', 'b')", ["def set_cookie("]),
    ("self.after_request(print)", ["def after_request(self, f)"]),
    ("self.put('/')", ["def put(self"]),
    ("self.mount(App(), '/b')", ["def mount(self", "def get_request_handlers(self"]),
    ("self.route('/<int:number>')(print)", ["self.segment_parsers.get(type_)", "if segment['parser']"]),
    ("self.route('/<re:a*:name>')(print)", ["type_.startswith('re:')"]),
    ("Response.send_file('a', max_age=9)", ["max_age=None)", "'Cache-Control'"]),
    ("Response.send_file('a', compressed=True)", ["compressed=False", "'Content-Encoding'"]),
    ("await response.write(request)", ["async def write(", "def body_iter(self)"]),
    ("await request.stream.readline()", ["async def readline("]),
    ("del request.headers['Host']", ["def __delitem__("]),
    ("self.errorhandler(ValueError)(print)", ["error_handlers = {}", "in self.error_handlers", "def mro("]),
]
STAYS = "def body(self)", "def stream(self)", "self.content_type", "def default_options_handler", "'HEAD'"


@functools.cache
def made(user):
    whole = ast.parse((library.MICRODOT / "microdot.py").read_text())
    return ast.unparse(slim(whole, [ast.parse(user)]))


@pytest.mark.parametrize("use, pieces", RETURNS)
def test_what_is_used_comes_back(use, pieces):
    without, used = made(USER % "pass"), made(USER % use)
    for piece in pieces:
        assert piece not in without and piece in used


def test_what_cpython_has_is_not_looked_for():
    text = made(USER % "pass")
    for module in "inspect", "functools", "orjson", "traceback":
        assert module not in text
    assert "import json\n" in text and "from sys import print_exception\n" in text


def test_what_answers_need_stays():
    text = made(USER % "request.body, request.stream, request.content_type")
    assert [piece for piece in STAYS if piece not in text] == []


LIBRARY = """
class Request:
    def __init__(self, line):
        self.line = line
        self.parts = line.split()
        self.length = start(line)
        self.kept = {}
        for part in self.parts:
            self.kept[part] = part
        self.hooks = []
        for hook in self.hooks:
            hook()
        self.level = 0
"""


@pytest.mark.parametrize(
    "use, lines",
    [
        ("Request", ["self.length = start(line)"]),
        ("Request().line", ["self.line = line", "self.length = start(line)"]),
        ("Request().kept", ["self.kept = {}", "self.kept[part] = part", "self.parts = line.split()"]),
        ("Request().hooks.append(f)", ["self.hooks = []", "hook()"]),
        ("Request().hooks", ["self.hooks = []", "hook()"]),
        ("getattr(Request(), 'level')", ["self.level = 0"]),
    ],
)
def test_what_nobody_reads_is_not_written(use, lines):
    text = ast.unparse(slim(ast.parse(LIBRARY), [ast.parse(use)]))
    assert [line for line in lines if line not in text] == []
    if use == "Request":
        assert "self.line" not in text and "kept" not in text and "hook" not in text
