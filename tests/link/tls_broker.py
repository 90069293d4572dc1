"""A real TLS broker with good and bad certificates: mosquitto, a listener for each of them."""

import asyncio
import contextlib
import datetime
import threading

import trustme
from mosquitto import Program
from pem import der
from sideboard import senml
from sideboard.mqtt import Session

from tools import roots
from tools.processes import free_port

HOST = "cloud.example"
DAY = datetime.timedelta(days=1)


class Certificates:
    """Files in a folder: ca.pem, and NAME.pem and NAME-key.pem for each; the same in DER; anchors in DER."""

    def __init__(self, folder):
        self.folder = folder
        self.authority, self._other = trustme.CA(), trustme.CA()
        now = datetime.datetime.now(datetime.timezone.utc)
        self._write("right", self.authority.issue_cert(HOST))
        self._write("other-ca", self._other.issue_cert(HOST))
        self._write("other-name", self.authority.issue_cert("elsewhere.example"))
        self._write("expired", self._dated(now - 9 * DAY, now - DAY))
        self._write("future", self._dated(now + DAY, now + 9 * DAY))
        self._write("client", self.authority.issue_cert("board"))
        self._write("stranger", self._other.issue_cert("board"))
        self.authority.cert_pem.write_to_path(folder / "ca.pem")
        (folder / "ca.der").write_bytes(der(self.authority.cert_pem))
        for name, kind in (("ec", trustme.KeyType.ECDSA), ("rsa", trustme.KeyType.RSA)):
            name_of_both = {"organization_name": "Cloud", "organization_unit_name": "Root"}
            root, impostor = (trustme.CA(**name_of_both, key_type=kind) for _ in range(2))
            self._write(name, root.create_child_ca(kind).issue_cert(HOST, key_type=kind))
            self._write_anchor(f"{name}-anchor", root)
            self._write_anchor(f"{name}-impostor", impostor)

    def _dated(self, begin, end):
        return self.authority.issue_cert(HOST, not_before=begin, not_after=end)

    def _write(self, name, leaf):
        for end, pem in (("", leaf.cert_chain_pems[0]), ("-key", leaf.private_key_pem)):
            pem.write_to_path(self.folder / f"{name}{end}.pem")
            (self.folder / f"{name}{end}.der").write_bytes(der(pem))
        for pem in leaf.cert_chain_pems[1:]:
            pem.write_to_path(self.folder / f"{name}.pem", append=True)

    def _write_anchor(self, name, authority):
        """The authority as the board has those of the Arduino Cloud: its name and its key alone."""
        (self.folder / f"{name}.der").write_bytes(roots.anchor(der(authority.cert_pem), roots.arduino_root()))


class Broker(Program):
    """Within `with`, it serves; ports: by the name of the listener."""

    def __init__(self, certificates):
        self.ports = {}
        lines = ["allow_anonymous true", "log_dest topic", "log_type all"]
        for name in ("right", "other-ca", "other-name", "expired", "future", "ec", "rsa"):
            lines += self._listener(name, f"certfile {name}.pem", f"keyfile {name}-key.pem")
        files = "certfile right.pem", "keyfile right-key.pem", "cafile ca.pem"
        lines += self._listener("mutual", *files, "require_certificate true")
        lines += self._listener("plain")
        super().__init__(certificates.folder, lines)

    def _listener(self, name, *options):
        self.ports[name] = free_port()
        return (f"listener {self.ports[name]} 127.0.0.1", *options)


class Thing(threading.Thread):
    """The Arduino Cloud's part at a broker: tells each device its Thing, and that it has no values yet."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self._port = port
        self._ready = threading.Event()
        self.start()
        assert self._ready.wait(5), "The broker does not answer"

    def run(self):
        asyncio.run(self._serve())

    def leave(self):
        self._loop.call_soon_threadsafe(self._session.close)
        self.join()

    async def _serve(self):
        self._loop = asyncio.get_running_loop()
        self._session = Session(b"thing", "127.0.0.1", self._port, on_message=self._answer)
        self._tasks = set()
        await self._session.open()
        reading = asyncio.create_task(self._session.read())
        await self._session.subscribe(b"$SYS/broker/log/M/subscribe")  # where mosquitto tells who subscribes
        await self._session.subscribe(b"/a/t/thing/shadow/o")
        self._ready.set()
        with contextlib.suppress(OSError, EOFError):
            await reading

    def _answer(self, topic, payload):
        if topic.endswith(b"/shadow/o"):
            self._publish(b"/a/t/thing/shadow/i", b"\x80")  # an empty array
        elif b" /a/d/" in payload:
            self._publish(payload.split()[-1], senml.encode((("thing_id", "thing"),)))

    def _publish(self, *message):
        task = asyncio.create_task(self._session.publish(*message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
