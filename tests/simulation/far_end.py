"""The broker and the Thing as the board meets them: by the bytes of MQTT 3.1.1, each at its own pace."""

import cbor2
from sideboard.senml import encode

from tests.simulation.virtual import START
from tools.cloud import pack

_DEVICE_IN = b"/a/d/device/e/i"
_THING_TOPIC = b"/a/t/"
VALUES_OUT, LAST_OUT = b"/e/o", b"/shadow/o"  # after the Thing's topic: values from the board, its questions
_VALUES_IN, _LAST_IN = b"/e/i", b"/shadow/i"
_AGAIN_WITHIN = 3  # seconds
_SILENCE = 15  # seconds without a word after which a client is gone: one and a half of its keepalive
_TICK = 1e-6


def packets(buffer):
    """Takes whole packets out of a buffer: yields (first byte, content)."""
    while len(buffer) > 1:
        size = shift = 0
        at = 1
        while True:
            if at == len(buffer):
                return
            byte = buffer[at]
            at += 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        if len(buffer) < at + size:
            return
        first, content = buffer[0], bytes(buffer[at : at + size])
        del buffer[: at + size]
        yield first, content


def message(content):
    """A PUBLISH of QoS 1: (topic, id, payload)."""
    at = 2 + int.from_bytes(content[:2], "big")
    return content[2:at], content[at : at + 2], content[at + 2 :]


class Broker:
    """Acknowledges by itself what the board publishes, and gives the board what the Thing says."""

    def __init__(self, loop, network, random, duplicates):
        self.loop = loop
        self._network = network
        self._random = random
        self.duplicates = duplicates  # how probable it is that a message comes twice
        self.session = None
        self.thing = None
        network.accept = self._accept

    def _accept(self, line):
        return _Session(self, line)

    def route(self, topic, payload, writes=None):
        """writes: those of the model that it brings, {name: write}."""
        session = self.session
        if session and topic in session.topics:
            session.bring(topic, payload, writes)
            if self._random.random() < self.duplicates:
                later = self._random.random() * _AGAIN_WITHIN
                self.loop.call_later(later, session.publish, topic, payload, 8)

    def restart(self):
        if self.session:
            self.session.leave()


class _Session:
    """The broker's end of a connection."""

    def __init__(self, broker, line):
        self._broker = broker
        self._line = line
        self._buffer = bytearray()
        self._number = 0
        self._heard = broker.loop.now
        self.topics = set()

    def take(self, data):
        self._heard = self._broker.loop.now
        self._buffer += data
        for first, content in packets(self._buffer):
            kind = first >> 4
            if kind == 3:
                topic, number, payload = message(content)
                self._line.down.send(b"\x40\x02" + number)
                self._line.down.then(self._broker.thing.acknowledged, topic, payload)
                self._broker.thing.received(topic, payload, self._line.writes.get(number))
            elif kind == 12:
                self._line.down.send(b"\xd0\0")
            elif kind == 8:
                topic = content[4:-1]
                self.topics.add(topic)
                self._line.down.send(b"\x90\x03" + content[:2] + b"\1")
                self._broker.thing.subscribed(topic)
            elif kind == 1:
                if self._broker.session:
                    self._broker.session.leave()  # the same client comes anew
                self._broker.session = self
                self._line.down.send(b"\x20\x02\0\0")
                self._watch()

    def bring(self, topic, payload, writes):
        self._line.brings.setdefault((topic, payload), []).append(writes)
        self.publish(topic, payload)

    def publish(self, topic, payload, again=0):
        self._number += 0 if again else 1
        content = len(topic).to_bytes(2, "big") + topic + self._number.to_bytes(2, "big") + payload
        head = bytearray((0x32 | again,))
        size = len(content)
        while size > 127:
            head.append(size & 127 | 128)
            size >>= 7
        head.append(size)
        self._line.down.send(bytes(head) + content)

    def _watch(self):
        if self._broker.session is self:
            silent = self._broker.loop.now - self._heard
            if silent >= _SILENCE:
                self.leave()
            else:
                self._broker.loop.call_later(_SILENCE - silent + 0.01, self._watch)

    def leave(self):
        self._line.down.send(None)
        self.gone()

    def gone(self):
        if self._broker.session is self:
            self._broker.session = None


class Thing:
    """Takes the board's values one after the other, and answers as it pleases.

    id: the board is moved from one Thing to another; the one that it has `left` takes nothing any more.
    values: name: (value, Unix time, write), of composites dicts; model: is told what is written and arrives.
    config, in seconds (least, most): `lag` until it takes values, `look` until it looks what its last values
    are, `way` until these leave, `live` until its changes do; stamped, live_stamped: whether these have
    times; lost: how probable it is that there is no answer.
    """

    def __init__(self, id, loop, broker, random, model, config):
        broker.thing = self
        self.id = id
        self._topic = _THING_TOPIC + id.encode()
        self.left = self.joined = False
        self.loop = loop
        self._broker = broker
        self._random = random
        self._model = model
        self._config = config
        self.values = {}
        self.lost = config["lost"]
        self.waiting = 0  # messages not yet taken, answers not yet given
        self._taken = 0  # when the last message is taken
        self._said = {}  # topic: when the last message leaves

    def write(self, name, value):
        """The cloud's dashboard changes a value."""
        write = self._model.wrote("thing", name, value, "cloud")
        self.values[name] = value, START + self.loop.now, write
        self._say(self._topic + _VALUES_IN, (name,), "live_stamped", self._config["live"])

    def received(self, topic, payload, writes):
        """writes: those of the model that it brings, {name: write}."""
        now = self.loop.now
        if topic == self._topic + VALUES_OUT:
            self.waiting += 1
            self._taken = max(self._taken + _TICK, now + self._random.uniform(*self._config["lag"]))
            self.loop.call_at(self._taken, self._take, payload, writes)
        elif topic == self._topic + LAST_OUT:
            self.waiting += 1
            self.loop.call_later(self._random.uniform(*self._config["look"]), self._answer)

    def acknowledged(self, topic, payload):
        """The board has the broker's acknowledgement."""
        for name, value in by_variable(payload) if topic == self._topic + VALUES_OUT else ():
            self._model.acknowledged(name, value)

    def subscribed(self, topic):
        if topic == _DEVICE_IN:
            self.introduce()

    def subscribing(self, topic):
        """The board is about to subscribe."""
        if topic == self._topic + _VALUES_IN and not self.joined:
            self.joined = True
            self._model.joined()

    def introduce(self):
        """Tells the board which Thing it belongs to."""
        payload = pack.encode([("thing_id", self.id, None)])
        self._leave_later(_DEVICE_IN, (0, 0.05), self._broker.route, payload)

    def _take(self, payload, writes):
        if self.left:
            return
        self.waiting -= 1
        values = {}
        for name, value in by_variable(payload):
            values[name] = value
        for name, value in values.items():
            self.values[name] = value, START + self.loop.now, writes[name]
            self._model.arrived("thing", name, value, writes[name])

    def _answer(self):
        if not self.values or self._random.random() < self.lost:
            self.waiting -= 1
            return
        self._say(self._topic + _LAST_IN, self.values, "stamped", self._config["way"], answer=True)

    def _records(self, names, stamped):
        records = []
        for name in names:
            value, time, _ = self.values[name]
            time = time if self._config[stamped] else None
            if isinstance(value, dict):
                records += [(name + ":" + part, value[part], time) for part in value]
            else:
                records.append((name, value, time))
        if not self._config[stamped]:
            return bytes(encode([record[:2] for record in records]))
        return pack.encode(records)

    def _say(self, topic, names, stamped, way, answer=False):
        writes = {name: self.values[name][2] for name in names}
        self._leave_later(topic, way, self._leave, self._records(names, stamped), writes, answer)

    def _leave_later(self, topic, way, leave, *args):
        at = max(self._said.get(topic, 0) + _TICK, self.loop.now + self._random.uniform(*way))
        self._said[topic] = at
        self.loop.call_at(at, leave, topic, *args)

    def _leave(self, topic, payload, writes, answer):
        self.waiting -= answer
        self._broker.route(topic, payload, writes)


def by_variable(payload):
    """(name, value) pairs of a message, the parts of a composite brought together in a dict."""
    values = {}
    for fields in cbor2.loads(payload):
        name, _, part = fields[0].partition(":")
        value = next(fields[label] for label in (2, 3, 4) if label in fields)
        if part:
            values.setdefault(name, {})[part] = value
        else:
            values[name] = value
    return values.items()
