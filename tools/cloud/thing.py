"""The Thing service: what the Arduino Cloud says to a device, and what it makes of what the device says."""

import bisect
import logging
import time

from sideboard.variables import DEVICE, Peer, Variable

from . import pack
from .composites import COMPOSITES

log = logging.getLogger("cloud")

_VERSION_COMMAND = 0x010700
_BETWEEN_MESSAGES = 0.5  # seconds; the Arduino Cloud takes two messages a second from a device
_JITTER = 0.025  # seconds that a message may come early by the ways of the network
_DAY = 86400


class Thing:
    """A Thing and its device. send(topic, data) is a coroutine that publishes to the device."""

    def __init__(self, credentials, registry):
        self.send = None
        self._id = credentials.thing_id
        self._device_topic = f"/a/d/{credentials.device_id}/"
        self._thing_topic = f"/a/t/{credentials.thing_id}/"
        self._registry = registry
        self._peer = Peer(registry)
        self._last_message = -_BETWEEN_MESSAGES

    async def run(self):
        """Sends the device what changes on the dashboard; runs until cancelled."""
        self._peer.changed.clear()  # what was there from the start is asked for as last values
        while True:
            changed = await self._peer.changes()
            variables = [v for v in self._registry.variables.values() if v in changed and v.initialized]
            records = [(name, value, None) for v in variables for name, value in v.records()]
            if records:
                await self.send(self._thing_topic + "e/i", pack.encode(records))

    def connected(self):
        log.info("The device is connected")
        self._registry.set_status(board="connected")

    def disconnected(self):
        log.info("The device is gone")
        self._registry.set_status(board="offline")

    async def subscribed(self, topic):
        if topic == self._device_topic + "e/i":
            await self.send(topic, pack.encode([("thing_id", self._id, None)]))

    async def received(self, topic, data):
        """Takes a message of the device; one that is malformed is logged and changes nothing."""
        takers = {
            self._thing_topic + "e/o": self._take_values,
            self._thing_topic + "shadow/o": self._take_request,
            self._device_topic + "c/up": self._take_command,
        }
        if topic not in takers:
            log.warning("Dropped a message: no one listens to %s", topic)
            return
        try:
            await takers[topic](data)
        except ValueError as error:
            log.warning("Dropped a message on %s: %s: %s", topic, error, data[:64].hex())

    async def _take_values(self, data):
        self._watch_rate()
        for name, value in _by_variable(pack.decode(data)).items():
            try:
                self._take_value(name, value)
            except (TypeError, ValueError) as error:
                log.warning("Dropped a value for %s: %s", name, error)

    def _take_value(self, name, value):
        if name in self._registry.variables:
            self._registry.write(self._registry.variables[name], value, DEVICE, self._peer)
            return
        variable = self._registry.add(_variable_for(name, value))
        self._peer.changed.discard(variable)
        log.info("The device brought %s, a new variable of type %s", name, variable.type)

    async def _take_request(self, data):
        if ("r:m", "getLastValues") not in pack.decode(data):
            raise ValueError("not a request for the last values")
        records = [
            (name, value, variable.time)
            for variable in self._registry.variables.values()
            if variable.initialized
            for name, value in variable.records()
        ]
        offset, until = time_zone(int(time.time()))
        records += [("tz_offset", offset, None), ("tz_dst_until", until, None)]
        await self.send(self._thing_topic + "shadow/i", pack.encode(records, indefinite=True))

    async def _take_command(self, data):
        tag, arguments = pack.decode_command(data)
        if tag != _VERSION_COMMAND or len(arguments) != 1 or not isinstance(arguments[0], str):
            raise ValueError(f"unknown command {tag:#08x}")
        log.info("The device runs version %s", arguments[0])
        self._registry.set_status(version=arguments[0])

    def _watch_rate(self):
        now = time.monotonic()
        apart = now - self._last_message
        self._last_message = now
        if apart < _BETWEEN_MESSAGES - _JITTER:
            log.warning("Too fast: the device sent two messages %d ms apart", apart * 1000)


def _by_variable(records):
    """(name, value) records -> dict of values, those of a composite's parts in a dict of their own."""
    values = {}
    for name, value in records:
        if not isinstance(name, str):
            log.warning("Dropped a value for the number %d: variables have names here", name)
            continue
        name, _, part = name.partition(":")
        if not part:
            values[name] = value
        elif isinstance(values.setdefault(name, {}), dict):
            values[name][part] = value
        else:
            raise ValueError(f"{name} comes both whole and in parts")
    return values


def _variable_for(name, value):
    if not isinstance(value, dict):
        return Variable(name, value=value, on_write=complete)
    for composite in COMPOSITES.values():
        if set(composite.parts) == set(value):
            return composite(name, on_write=complete, **value)
    raise TypeError(f"no composite has just the parts {', '.join(value)}")


def complete(client, value):
    """The cloud's on_write: a composite is only sent whole, so parts never set get zero."""
    missing = [part for part in getattr(value, "parts", ()) if getattr(value, part) is None]
    if missing:
        value.value = {part: False if part in ("swi", "mut") else 0 for part in missing}


def time_zone(now):
    """This computer's offset from UTC in seconds, and until when it holds (a year ahead at most)."""

    def changed(at):
        return time.localtime(at).tm_gmtoff != offset

    offset = time.localtime(now).tm_gmtoff
    for day in range(now, now + 365 * _DAY, _DAY):
        if changed(day + _DAY):
            return offset, day + bisect.bisect_left(range(day, day + _DAY), True, key=changed)
    return offset, now + 365 * _DAY
