"""A device's end of MQTT 3.1.1 over TLS, for tests: it says exactly what it is told to."""

import socket
import ssl

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP = 1, 2, 3, 4, 8, 9, 12, 13
HUNG_UP = (EOFError, ConnectionError, ssl.SSLError)  # how a connection that the cloud has ended shows


def _text(data):
    data = data if isinstance(data, bytes) else data.encode()
    return len(data).to_bytes(2, "big") + data


class Device:
    """Connected to `cloud` (see tools/local.py), with its device id and password unless others are given."""

    def __init__(self, cloud, device_id=None, password=None, keep_alive=10):
        self.id = device_id or cloud.secrets["DEVICE_ID"].decode()
        context = ssl.create_default_context(cadata=(cloud.folder / "ca.der").read_bytes())
        plain = socket.create_connection(("127.0.0.1", cloud.mqtt_port), timeout=5)
        self._socket = context.wrap_socket(plain, server_hostname="127.0.0.1")
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._inbox = []
        password = cloud.secrets["SECRET_KEY"] if password is None else password
        self._send(
            CONNECT << 4,
            b"\0\4MQTT\4\xc2" + keep_alive.to_bytes(2, "big") + _text(self.id) * 2 + _text(password),
        )
        self.answer = self._expect(CONNACK)[1]  # 0: accepted, 5: not authorized

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stream.close()
        self._socket.close()

    def _send(self, first, body):
        size = len(body)
        length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
        self._socket.sendall(bytes([first]) + length + body)

    def _read(self):
        """One packet -> (its first byte, its body); EOFError when the cloud hung up."""
        first = self._stream.read(1)
        if not first:
            raise EOFError
        size = shift = 0
        while True:
            byte = self._stream.read(1)[0]
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return first[0], self._stream.read(size)

    def _expect(self, kind):
        while True:
            first, body = self._read()
            if first >> 4 == kind:
                return body
            assert first >> 4 == PUBLISH, f"packet {first:#04x} {body.hex()}"
            self._keep(first, body)

    def _keep(self, first, body):
        end = 2 + int.from_bytes(body[:2], "big")
        topic = body[2:end].decode()
        if first & 6:
            self._send(PUBACK << 4, body[end : end + 2])
            end += 2
        self._inbox.append((topic, body[end:]))

    def subscribe(self, topic, qos=1):
        """Subscribes; returns the cloud's answer: the quality of service granted, or 128 for no."""
        self._number = self._number % 65535 + 1
        self._send(SUBSCRIBE << 4 | 2, self._number.to_bytes(2, "big") + _text(topic) + bytes([qos]))
        return self._expect(SUBACK)[2]

    def publish(self, topic, data, retain=False):
        """Publishes with QoS 1; returns when the cloud has it."""
        self._number = self._number % 65535 + 1
        self._send(PUBLISH << 4 | 2 | retain, _text(topic) + self._number.to_bytes(2, "big") + data)
        self._expect(PUBACK)

    def receive(self, timeout=5):
        """The next message: (topic, data)."""
        self._socket.settimeout(timeout)
        while not self._inbox:
            first, body = self._read()
            assert first >> 4 == PUBLISH, f"packet {first:#04x} {body.hex()}"
            self._keep(first, body)
        return self._inbox.pop(0)

    def ping(self):
        """Asks for a sign of life; messages that came before it are kept."""
        self._send(PINGREQ << 4, b"")
        self._expect(PINGRESP)

    def messages(self):
        """All messages that the cloud had sent so far."""
        self.ping()
        inbox, self._inbox = self._inbox, []
        return inbox
