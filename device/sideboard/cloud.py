"""The link to the Arduino Cloud: finds the Thing, asks for the last values, pushes and pulls, reconnects."""

import asyncio
from random import random

from .agreement import Agreement, digest
from .clock import now, uptime
from .compat import sleep_ms, text_of, ticks_diff, ticks_ms
from .errors import log
from .mqtt import Session
from .net import keep_connection, resolve
from .senml import encode, put, put_records, records_of
from .tasks import first_of
from .variables import CLOUD, STATUS, Peer

_APART_MS = 500  # the cloud takes two messages a second
_LARGE = 4096  # bytes; what makes a message longer is its last
_QUIET_MS = 300  # such a moment without a write is waited for, ten times at most
_REST = 10  # so many times as long as a failed connection stopped the loop it waits until the next
_LAST_VALUES_TIMEOUT = 5  # a Thing without values does not answer
_CLOCK_OFF = 60  # seconds between the board's clock and the cloud's stamps that are said in the log


class CloudLink(Peer):
    """Keeps a registry and an Arduino Cloud Thing the same.

    settings: server, port, keepalive, device_id, username and password (bytes), as the official client's;
    hostname: the name in the server's certificate; certificate: whether the board has its own;
    prepare: a coroutine function called before each connection, returns an SSLContext or None;
    sync: who wins after a reconnection, "cloud" or "device"; without it the later change.
    """

    def __init__(self, registry, settings, prepare, mode="async", sync=None):
        self.thing_id = None
        super().__init__(registry)
        self._settings = settings
        self._prepare = prepare
        self._mode = mode
        self._agreement = Agreement(sync)
        self._came = asyncio.Event()  # what the link waits for: the Thing's id, then the last values
        self._device = b"/a/d/" + settings["device_id"]
        self._clock_is_off = False

    def note(self, variable):
        if variable != STATUS:
            self._agreement.wrote(variable, uptime(1))
            super().note(variable)

    async def run(self, interval=1.0, backoff=1.2):
        """Connects, again and again: `interval` seconds after a failure, `backoff` times longer each time."""
        settings = self._settings
        status = self._registry.set_status
        wait = interval
        status(cloud="connecting", error=None)
        jitter = 500  # ms
        while True:
            session = None
            stopped = 0
            stage = ""
            try:
                tls = await self._prepare()
                address = await resolve(settings["server"])
                if tls:
                    await self._quiet()
                session = Session(
                    settings["device_id"],
                    address,
                    settings["port"],
                    settings["username"],
                    settings["password"],
                    settings["keepalive"],
                    on_message=self.on_message,
                )
                stage = "connecting"
                await session.open(tls, settings["hostname"])
                stage = ""
                await first_of(session.read(), session.keep_alive(), self._exchange(session))
            except Exception as error:  # whatever it was, it must not end the link
                if stage and session.is_open:
                    stage = "securing"
                reason = self._reason(error, stage)
                log.warning("Cloud: %s; trying again", reason)
                if self._registry.status["cloud"] == "connected":
                    wait, backoff, jitter = interval, 1, 12000  # ms: others were lost at once, too
                status(cloud="offline", error=reason)
            finally:
                if session:
                    session.close()
                    stopped = session.stopped
            # Not at once: lwIP's list of connections breaks when a new one takes the place of one that ends.
            await sleep_ms(_APART_MS)
            # A crowd of boards must not return at once; and a slow board must have time for its page.
            rest = max(wait * (750 + random() * jitter), stopped * _REST)
            while not keep_connection() or rest > 0:
                await sleep_ms(100)
                rest -= 100
            wait = min(wait * backoff, 10)

    async def _exchange(self, session):
        """Finds the Thing, agrees with it on the values, and then tells it what changes."""
        registry = self._registry
        self.thing_id = None
        await session.subscribe(self._device + b"/e/i")
        timeout = 10
        while not self.thing_id:
            self._came.clear()
            if self.thing_id is not None:
                text = "This device has no Thing: give it one in the Arduino Cloud"
                log.error("Cloud: %s", text)
                registry.set_status(cloud="offline", error=text)
                timeout = None
            await asyncio.wait_for(self._came.wait(), timeout)
        self._thing = b"/a/t/" + self.thing_id.encode()
        if registry.thing.get("thing_id", self.thing_id) != self.thing_id:
            registry.thing["has_values"] = False
            self._agreement = Agreement(self._agreement.sync)
            for variable in registry.variables.values():  # whatever the new Thing has is right
                variable.marked = False
                variable.knows = ()
        registry.thing["thing_id"] = self.thing_id
        self._agreement.connected(uptime(1))
        await session.subscribe(self._thing + b"/e/i")
        await session.subscribe(self._thing + b"/shadow/i")
        self.changed.clear()  # these are marked
        self._came.clear()
        await self._ask(session)
        try:
            await asyncio.wait_for(self._came.wait(), _LAST_VALUES_TIMEOUT)
        except asyncio.TimeoutError:
            self._push_what_is_owed()
        registry.set_status(cloud="connected", error=None)
        log.info("Cloud: connected, Thing %s", self.thing_id)
        await self._push(session)

    async def _ask(self, session):
        """Asks for the last values: in SenML, r:m is getLastValues."""
        self._agreement.asks(uptime(1))
        await session.publish(self._thing + b"/shadow/o", b"\x81\xa2\0\x63r:m\x03\x6dgetLastValues")

    def _push_what_is_owed(self):
        """Notes what the Thing is to be told, because it never was, or because it changed.

        What changed before the last values were asked for waits while these may still come.
        """
        registry = self._registry
        waits = self._agreement.is_patient(registry.thing.get("has_values"))
        for variable in registry.variables.values():
            if not variable.known or variable.marked and not waits:
                variable.marked = True
                super().note(variable)

    async def _push(self, session):
        """Tells the version, and from then on the newest values of what changes."""
        version = bytearray(b"\xda\0\1\7\0\x81")  # CBOR: tag 0x010700 over an array of one string
        put(version, "1.0.0-" + self._mode)
        await session.publish(self._device + b"/c/up", version)
        agreement = self._agreement
        while True:
            if self.changed and await self._push_changes(session):
                await sleep_ms(_APART_MS)
            wait = agreement.question(uptime(1))
            if wait == 0:
                await self._ask(session)
                if agreement.merging:
                    self._push_what_is_owed()
                await sleep_ms(_APART_MS)
            elif not self.changed:
                try:
                    await asyncio.wait_for(self._news.wait(), wait and wait / 1000)
                except asyncio.TimeoutError:
                    pass
                self._news.clear()

    async def _push_changes(self, session):
        """Sends one message of what changed, and tells whether there was something to send."""
        changed, self.changed = self.changed, set()
        agreement = self._agreement
        marks, records, size = {}, [], 0
        for variable in changed:
            if size > _LARGE:
                self.changed.add(variable)
            elif variable.marked and variable.initialized:
                own = variable.records()
                records.extend(own)
                size += len(put_records(own))
                marks[variable] = digest(variable)
                agreement.pushed(variable, marks[variable])
                self._keep_mark(variable)
        if not marks:
            return False
        await session.publish(self._thing + b"/e/o", encode(records))
        for variable in marks:
            agreement.pushed(variable, marks[variable], uptime(1))
            if digest(variable) == marks[variable]:
                variable.marked = False
            self._keep_mark(variable)
        self._registry.thing["has_values"] = True
        return True

    def _keep_mark(self, variable):
        if self._registry.store:
            self._registry.store.note_mark(variable)

    async def on_message(self, topic, payload):
        thing = self.thing_id
        values = {}  # name: (value, time) of composites, their parts brought together
        for name, value, time in records_of(payload):  # of a pack that is malformed nothing is taken
            await sleep_ms(0)  # it may be one of many
            name, _, part = str(name).partition(":")
            if part:
                parts = values.get(name, ({},))[0]
                parts[part] = value
                values[name] = parts, time
            elif name == "thing_id":
                thing = value
        if topic.startswith(self._device):
            if thing != self.thing_id:
                if self.thing_id:
                    raise OSError("this device was moved to another Thing")
                self.thing_id = text_of(thing)
                self._came.set()
            return
        last = topic.endswith(b"/shadow/i")
        if last:
            answered = self._agreement.answers(uptime(1))
        for name, value, time in records_of(payload):  # once more: there is no room for the values of all
            name = str(name)
            if ":" not in name:
                self._take(name, value, time, last)
            await sleep_ms(0)
        for name in values:
            self._take(name, *values[name], last)
            await sleep_ms(0)
        if last:
            self._agreement.merging = not answered
            self._push_what_is_owed()
            self._came.set()
        self._news.set()  # there may be something to ask

    def _take(self, name, value, time, last):
        """Takes a value from the cloud; `last`: one of the last values, not a change just made."""
        registry = self._registry
        if name in ("tz_offset", "tz_dst_until") and type(value) is int:
            registry.thing[name] = value
        variable = registry.variables.get(name)
        if not variable:
            return
        if not last:
            self._compare_clocks(time)
        takes = self._agreement.takes_last if last else self._agreement.takes_change
        try:
            value = variable.fit(value, CLOUD)
            in_part = isinstance(value, dict) and None in value.values()
            if in_part or takes(variable, value, time, uptime(1)):
                registry.write(variable, value, CLOUD, self, last=last)  # what on_write makes of it goes back
                if time:
                    variable.time = time
                if variable.marked:
                    self.changed.add(variable)
            self._keep_mark(variable)
        except (AttributeError, TypeError, ValueError) as error:
            log.warning("Cloud: dropped a value: %s", error)
            self.note(variable)  # the cloud shall show what is true

    def _compare_clocks(self, time):
        """Says in the log when the board's clock is off from the time of a change just made."""
        was, clock = self._clock_is_off, now()
        if time and clock:
            self._clock_is_off = abs(clock - time) > _CLOCK_OFF
            if self._clock_is_off and not was:
                log.warning("Cloud: the board's clock is off by %d s", clock - time)

    async def _quiet(self):
        """Waits for a moment in which nobody writes: the arithmetic of a TLS handshake stops the loop."""
        for _ in range(10):
            if ticks_diff(ticks_ms(), self._registry.written) > _QUIET_MS:
                return
            await sleep_ms(_QUIET_MS)

    def _reason(self, error, stage):
        try:
            from .failure import failure
        except (ImportError, MemoryError):  # there is no room for it
            return "%s: %r" % (self._settings["server"], error)
        return failure(error, self._settings, stage)
