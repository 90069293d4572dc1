"""The link to the Arduino Cloud: finds the Thing, asks for the last values, pushes and pulls, reconnects."""

import asyncio
from random import random

from .clock import now
from .compat import sleep_ms, ticks_diff, ticks_ms
from .errors import log
from .mqtt import Session
from .net import keep_connection, resolve
from .senml import decode, encode, put
from .tasks import first_of
from .variables import CLOUD, STATUS, Peer

_APART_MS = 500  # the cloud takes two messages a second
_QUIET_MS = 300  # such a moment without a write is waited for, ten times at most
_REST = 10  # so many times as long as a failed connection stopped the loop it waits until the next
_LAST_VALUES_TIMEOUT = 5  # a Thing without values does not answer


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
        self._sync = sync
        self._sent = ()  # just now: the Thing may not know it yet, even once it is acknowledged
        self._crossed = set()  # came from the cloud meanwhile: only the cloud knows what it keeps
        self._came = asyncio.Event()  # what the link waits for: the Thing's id, then the last values
        self._device = b"/a/d/" + settings["device_id"]

    def note(self, variable):
        if variable != STATUS:
            variable.marked = True
            super().note(variable)

    def unmark(self, variable):
        """Notes that the cloud has the variable's value."""
        variable.marked = False
        store = self._registry.store
        if store:
            store.note(variable)

    async def run(self, interval=1.0, backoff=1.2):
        """Connects, again and again: `interval` seconds after a failure, `backoff` times longer each time."""
        settings = self._settings
        status = self._registry.set_status
        wait = interval
        status(cloud="connecting", error=None)
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
                    wait = interval
                status(cloud="offline", error=reason)
            finally:
                if session:
                    session.close()
                    stopped = session.stopped
            # Not at once: lwIP's list of connections breaks when a new one takes the place of one that ends.
            await sleep_ms(_APART_MS)
            # A crowd of boards must not return at once; and a slow board must have time for its page.
            rest = max(wait * (750 + random() * 500), stopped * _REST)
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
        variables = registry.variables.values()
        if registry.thing.get("thing_id", self.thing_id) != self.thing_id:
            for variable in variables:  # whatever the new Thing has is right
                variable.marked = None
        await session.subscribe(self._thing + b"/e/i")
        await session.subscribe(self._thing + b"/shadow/i")
        self._sent = ()
        self._crossed.clear()
        self._came.clear()
        await self._ask(session)
        try:
            await asyncio.wait_for(self._came.wait(), _LAST_VALUES_TIMEOUT)
        except asyncio.TimeoutError:
            pass  # it has none
        for variable in variables:  # what was on its way when the last session ended, or is new to the Thing
            if variable.marked is not False:
                self.note(variable)
        registry.thing["thing_id"] = self.thing_id
        registry.set_status(cloud="connected", error=None)
        log.info("Cloud: connected, Thing %s", self.thing_id)
        await self._push(session)

    async def _ask(self, session):
        """Asks for the last values: in SenML, r:m is getLastValues."""
        await session.publish(self._thing + b"/shadow/o", b"\x81\xa2\0\x63r:m\x03\x6dgetLastValues")

    async def _push(self, session):
        """Tells the version, and from then on the newest values of what changes."""
        version = bytearray(b"\xda\0\1\7\0\x81")  # CBOR: tag 0x010700 over an array of one string
        put(version, "1.0.0-" + self._mode)
        await session.publish(self._device + b"/c/up", version)
        while True:
            changed, records, size = [], [], 0
            for variable in await self.changes():
                if size > 4096:  # bytes; what makes a message longer is its last
                    self.note(variable)
                elif variable.marked and variable.initialized:
                    changed.append(variable)
                    records.extend(variable.records())
                    size += len(encode(variable.records()))
            if not changed:
                continue
            self._sent = changed
            await session.publish(self._thing + b"/e/o", encode(records))
            for variable in changed:
                if variable not in self.changed:
                    self.unmark(variable)
            await sleep_ms(_APART_MS)
            self._sent = ()
            if self._crossed:
                await self._ask(session)
                await sleep_ms(_APART_MS)

    def on_message(self, topic, payload):
        values = {}  # name: (value, time), the parts of a composite brought together
        for name, value, time in decode(payload):
            name, _, part = str(name).partition(":")
            if part:
                parts = values.get(name, ({},))[0]
                parts[part] = value
                value = parts
            values[name] = value, time
        if topic.startswith(self._device):
            thing = values.get("thing_id", (self.thing_id,))[0]
            if thing != self.thing_id:
                if self.thing_id:
                    raise OSError("this device was moved to another Thing")
                self.thing_id = thing
                self._came.set()
            return
        last = topic.endswith(b"/shadow/i")
        for name in values:
            self._take(name, *values[name], last)
        if last:
            self._crossed.clear()
            self._came.set()

    def _take(self, name, value, time, last):
        """Takes a value from the cloud; `last`: one of the last values, not a change just made."""
        registry = self._registry
        if name in ("tz_offset", "tz_dst_until") and type(value) is int:
            registry.thing[name] = value
        variable = registry.variables.get(name)
        if not variable:
            return
        if last and variable.initialized and not self._cloud_wins(variable, value, time):
            return
        if variable in self._sent:
            self._crossed.add(variable)
        self.unmark(variable)  # ours is older; but what on_write makes of the value goes back
        try:
            registry.write(variable, value, CLOUD, self)
        except (AttributeError, TypeError, ValueError) as error:
            log.warning("Cloud: dropped a value: %s", error)
            self.note(variable)  # the cloud shall show what is true
            return
        if time:
            variable.time = time

    def _cloud_wins(self, variable, value, time):
        """Whether a last value replaces the board's; if not, the board's is marked to go to the cloud."""
        holds = variable.value == value
        if self._crossed:  # the cloud was asked for the sake of these alone
            return variable in self._crossed and not variable.marked and not holds
        if holds:
            self.unmark(variable)
            return False
        sync = variable.sync or self._sync
        if sync:
            wins = sync == "cloud"
        else:
            wins = not variable.marked or time and variable.time and now() and time > variable.time
        if not wins:
            self.note(variable)
        return wins

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
