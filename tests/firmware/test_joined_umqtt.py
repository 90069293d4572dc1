"""Of umqtt boards get what is used here, and what nobody reads is not written."""

import ast

import pytest

from tools import library
from tools.joined.slim import slim

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
