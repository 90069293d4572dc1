"""The link to the Arduino Cloud: finds the Thing, asks for the last values, pushes and pulls, reconnects."""

import asyncio
from errno import ECONNREFUSED, ECONNRESET
from random import random

from . import senml
from .compat import first_of, log, log_exception, now, sleep_ms, ticks_diff, ticks_ms
from .mqtt import MQTTException, Session
from .net import resolve
from .variables import CLOUD, Peer, ReadOnly

_APART_MS = 500  # the cloud takes two messages a second
_LARGEST = 4096  # bytes; a message ends with the variable that makes it so long
_LONGEST_WAIT = 10  # seconds between two attempts
_LAST_VALUES_TIMEOUT = 5  # a Thing without values does not answer
_VERSION = "1.0.0"
_VERSION_COMMAND = b"\xda\x00\x01\x07\x00\x81"  # CBOR: tag 0x010700 over an array of one string

_REFUSALS = {
    1: "does not speak MQTT 3.1.1",
    2: "refused DEVICE_ID",
    3: "is not available now",
    4: "refused DEVICE_ID and SECRET_KEY",
    5: "refused DEVICE_ID and SECRET_KEY",
}
_NO_THING = "This device is linked to no Thing: associate it with one in the Arduino Cloud"


class LinkError(Exception):
    """The link cannot be; the text says why."""


class CloudLink(Peer):
    """Keeps a registry and an Arduino Cloud Thing the same.

    settings: server, port, keepalive, device_id, username and password (bytes), as the official client's;
    hostname: the name in the server's certificate; certificate: whether the board has its own;
    prepare: a coroutine function called before each connection, returns an SSLContext or None;
    sync: who wins after a reconnection, "cloud" or "device"; without it the later change.
    """

    def __init__(self, registry, settings, prepare, mode="async", sync=None):
        self.thing_id = None
        # thing_id, tz_offset (s) and tz_dst_until (Unix time), once the cloud told them: kept, as values are.
        self.told = registry.store.told if registry.store else {}
        super().__init__(registry)
        self._settings = settings
        self._prepare = prepare
        self._mode = mode
        self._sync = sync
        self._sent = set()  # just sent: the Thing may not know it yet, even once it is acknowledged
        self._crossed = set()  # came from the cloud meanwhile: only the cloud knows what it keeps
        self._unheard = set()  # what a new Thing has not told
        self._thing_named = asyncio.Event()
        self._last_values_came = asyncio.Event()
        device = settings["device_id"].decode()
        self._device_topic = ("/a/d/%s/e/i" % device).encode()
        self._command_topic = ("/a/d/%s/c/up" % device).encode()

    def tell(self, variable):
        if variable:
            variable.marked = True
        super().tell(variable)

    def unmark(self, variable):
        """Notes that the cloud has the variable's value."""
        self.changed.discard(variable)
        variable.marked = False
        if self._registry.store:
            self._registry.store.tell(variable)

    async def run(self, interval=1.0, backoff=1.2):
        """Connects, again and again: `interval` seconds after a failure, `backoff` times longer each time."""
        wait = interval
        self._registry.set_status(cloud="connecting", error=None)
        while True:
            try:
                await self._connect()
            except Exception as error:  # whatever it was, it must not end the link
                reason = self._sentence(error)
                log.warning("Cloud: %s; trying again", reason)
                if self._registry.status["cloud"] == "connected":
                    wait = interval
                self._registry.set_status(cloud="offline", error=reason)
            await asyncio.sleep(wait * (0.75 + random() / 2))  # a crowd of boards must not return at once
            wait = min(wait * backoff, _LONGEST_WAIT)

    async def _connect(self):
        settings = self._settings
        tls = await self._prepare()
        address = await resolve(settings["server"])
        session = Session(
            settings["device_id"],
            address,
            settings["port"],
            host=settings["hostname"],
            tls=tls,
            on_message=self._on_message,
            user=settings["username"],
            password=settings["password"],
            keepalive=settings["keepalive"],
        )
        try:
            await self._open(session)
            await first_of(session.read(), session.keep_alive(), self._exchange(session))
        finally:
            session.close()

    async def _open(self, session):
        try:
            await session.open()
        except (ValueError, OSError, EOFError) as error:
            from .tls_failure import tls_failure

            reason = tls_failure(error, self._settings, session.secured)
            if not reason:
                raise
            raise LinkError(reason) from None

    async def _exchange(self, session):
        await self._find_thing(session)
        moved = self.told.get("thing_id", self.thing_id) != self.thing_id
        self._unheard = set(self._registry) if moved else set()
        for variable in self._unheard:  # whatever the new Thing has is right
            self.unmark(variable)
        await self._fetch_last_values(session)
        for variable in self._unheard:
            self.tell(variable)
        self.told["thing_id"] = self.thing_id
        self._registry.set_status(cloud="connected", error=None)
        log.info("Cloud: connected, Thing %s", self.thing_id)
        version = ("%s-%s" % (_VERSION, self._mode)).encode()
        await session.publish(self._command_topic, _VERSION_COMMAND + bytes((0x60 + len(version),)) + version)
        while True:
            await self._push(session)

    async def _find_thing(self, session):
        self.thing_id = None
        self._thing_named.clear()
        await session.subscribe(self._device_topic)
        while not self.thing_id:
            await asyncio.wait_for(self._thing_named.wait(), None if self.thing_id == "" else 10)
            self._thing_named.clear()
            if not self.thing_id:
                log.error("Cloud: %s", _NO_THING)
                self._registry.set_status(cloud="offline", error=_NO_THING)

    async def _fetch_last_values(self, session):
        await session.subscribe(self._topic("e/i"))
        await session.subscribe(self._topic("shadow/i"))
        self._last_values_came.clear()
        self._sent.clear()
        self._crossed.clear()
        await self._ask_last_values(session)
        try:
            await asyncio.wait_for(self._last_values_came.wait(), _LAST_VALUES_TIMEOUT)
        except asyncio.TimeoutError:
            log.info("Cloud: no last values came")

    async def _ask_last_values(self, session):
        await session.publish(self._topic("shadow/o"), senml.encode((("r:m", "getLastValues"),)))

    async def _push(self, session):
        await self.news()
        changed, records, size = [], [], 0
        for variable in self.take():
            if size >= _LARGEST:
                self.tell(variable)
            elif variable and variable.initialized:
                changed.append(variable)
                records.extend(variable.records())
                size += len(senml.encode(variable.records()))
        if not changed:
            return
        self._sent.update(changed)
        began = ticks_ms()
        try:
            await session.publish(self._topic("e/o"), senml.encode(records))
        except BaseException:
            for variable in changed:  # not acknowledged
                self.tell(variable)
            raise
        for variable in changed:
            if variable not in self.changed:
                self.unmark(variable)
        await sleep_ms(max(0, _APART_MS - ticks_diff(ticks_ms(), began)))
        self._sent.clear()
        if self._crossed:
            await self._ask_last_values(session)
            await sleep_ms(_APART_MS)

    def _topic(self, end):
        return ("/a/t/%s/%s" % (self.thing_id, end)).encode()

    def _on_message(self, topic, payload):
        try:
            values = self._gathered(senml.decode(payload))
        except (ValueError, MemoryError) as error:
            log.warning("Cloud: dropped a message (%s)", error)
            return
        if topic == self._device_topic:
            if "thing_id" in values:
                before, self.thing_id = self.thing_id, str(values["thing_id"][0])
                if before and before != self.thing_id:
                    raise LinkError("this device was moved to another Thing")
                self._thing_named.set()
            return
        last = topic.endswith(b"/shadow/i")
        for name, (value, time) in values.items():
            self._take(name, value, time, last)
        if last:
            self._crossed.clear()
            self._last_values_came.set()

    def _gathered(self, records):
        """{name: (value, time)}, the parts of a composite brought together."""
        values = {}
        for name, value, time in records:
            if not isinstance(name, str):
                continue  # a short identifier: we registered none
            name, _, part = name.partition(":")
            if part:
                parts = values[name][0] if name in values else {}
                if not isinstance(parts, dict):
                    raise ValueError("%s is a value and an object" % name)
                parts[part] = value
                value = parts
            values[name] = (value, time)
        return values

    def _take(self, name, value, time, last):
        """Takes a value from the cloud; `last`: one of the last values, not a change just made."""
        if name in ("tz_offset", "tz_dst_until"):
            if type(value) is int:
                self.told[name] = value
            return
        if name not in self._registry:
            log.debug("Cloud: %s is not registered", name)
            return
        variable = self._registry[name]
        self._unheard.discard(variable)
        if last and variable.initialized and not self._cloud_wins(variable, value, time):
            return
        if variable in self._sent:
            self._crossed.add(variable)
        self.unmark(variable)  # ours is older; but what on_write makes of the value goes back
        try:
            self._registry.write(variable, value, CLOUD, self)
        except (ReadOnly, TypeError, ValueError) as error:
            log.warning("Cloud: dropped a value: %s", error)
            self.tell(variable)  # the cloud shall show what is true
            return
        if time is not None:
            variable.time = time

    def _cloud_wins(self, variable, value, time):
        """Whether a last value replaces the board's; if not, the board's is marked to go to the cloud."""
        if self._crossed:  # the cloud was asked for the sake of these alone
            return variable in self._crossed and not variable.marked and not variable.holds(value)
        if variable.holds(value):
            self.unmark(variable)
            return False
        sync = variable.sync or self._sync
        if sync == "cloud" or not variable.marked and sync != "device":
            return True
        if not sync and time and variable.time and now() and time > variable.time:
            return True
        self.tell(variable)
        return False

    def _sentence(self, error):
        """Says what went wrong, for the log and the page."""
        server = self._settings["server"]
        if isinstance(error, MQTTException):
            return "%s %s" % (server, _REFUSALS.get(error.args[0], "refused the connection"))
        if isinstance(error, asyncio.TimeoutError):  # on CPython an OSError, too
            return "%s does not answer" % server
        if isinstance(error, EOFError):
            return "%s closed the connection" % server
        if isinstance(error, OSError):
            if error.errno == ECONNREFUSED:
                return "%s refuses connections on port %s" % (server, self._settings["port"])
            if error.errno == ECONNRESET:
                return "%s closed the connection" % server
            return "%s is not reachable: %s" % (server, error)
        if not isinstance(error, LinkError):
            log_exception("Cloud: unexpected", error)
        return str(error) or type(error).__name__
