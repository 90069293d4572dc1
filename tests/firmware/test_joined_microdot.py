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
    ("self.route('/<:number')(self.send)", ["'invalid URL pattern'", "'invalid URL segment type'"]),
    ("self.route(path)(self.send)", ["'invalid URL pattern'", "'invalid URL segment type'"]),
    ("self.options_handler = None", ["method == 'OPTIONS' and self.options_handler"]),
    ("return 404", ["if isinstance(res, int):\n"]),
    ("return (404, {})", ["if isinstance(res[0], int):\n"]),
    ("return ('', {'Vary': 'Origin'})", ["headers = res[1]"]),
    ("self.route('/plain')(print)", ["def iscoroutine(", "if iscoroutine(ret):"]),
    ("raise HTTPException(404)", ["reason or str(status_code)"]),
]
TEXTS = """
    async def error_response(self, request, status, text):
        texts = {405: "not allowed", 413: "too large", 500: "it failed"}
        return {"error": texts.get(status, text)}, status, {}
"""
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


def test_texts_of_errors_are_given_where_nobody_puts_others_in_their_place():
    texts = "'Payload too large'", "'Internal server error'"
    assert all(text in made(USER % "pass") for text in texts)
    assert not any(text in made(USER % "pass" + TEXTS) for text in texts)


def test_only_a_type_of_ones_own_may_say_its_charset():
    text = "if 'charset=' not in self.headers['Content-Type']:"
    assert text not in made(USER % "Response().complete()")
    assert text in made(USER % "Response().complete(Response.default_content_type)")


def test_applications_have_no_place_where_none_is_in_another():
    text = made(USER % "pass")
    assert "url_prefix" not in text and "subapp" not in text
    assert "for route_methods, route_pattern, route_handler in self.url_map:" in text


MQTT = """
from umqtt.simple import MQTTClient

class Session(MQTTClient):
    def __init__(self, client_id, server, port):
        super().__init__(client_id, server, %s)

    def publish(self, topic, data):
        super().publish(topic, data, False, %s)
        self.request(super().publish, topic, data, False, 1)
"""


def test_packets_of_umqtt_are_those_that_are_sent():
    whole = ast.parse((library.INSTALLED / "umqtt/simple.py").read_text())
    known = ast.unparse(
        slim(whole, [ast.parse(MQTT.replace("super().publish(", "print(") % ("port, None", 1))])
    )
    more = ast.unparse(slim(whole, [ast.parse(MQTT % ("ssl=True", 0))]))
    for piece in "if qos > 0:", "qos << 1 | retain", "if port == 0:":
        assert piece in more and piece not in known


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
