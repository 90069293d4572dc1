"""The registry: every variable of the board, and the one method through which each change goes."""

import asyncio
from collections import OrderedDict

from .compat import is_coroutine, log_exception, now

DEVICE, DASHBOARD, CLOUD = range(3)  # who wrote

TYPES = {bool: "bool", int: "int", float: "float", str: "string"}
_OPTIONS = ("widget", "title", "min", "max", "step", "unit", "values")  # how the page shows a variable


class ReadOnly(Exception):
    """A write from the dashboard or the cloud to a variable without `on_write`."""


def whole(text):
    """`text` with characters beyond U+FFFF whole: MicroPython's JSON leaves their two escapes apart.

    ValueError when one of the halves is missing.
    """
    if max(text or " ") < "\ud800":
        return text
    characters, half = [], 0
    for character in text:
        code = ord(character)
        if half or 0xD800 <= code < 0xE000:
            if bool(half) != (0xDC00 <= code < 0xE000):
                raise ValueError("half a character is missing")
            if not half:
                half = code
                continue
            character = chr((half << 10) + code - 0x35FDC00)
            half = 0
        characters.append(character)
    if half:
        raise ValueError("half a character is missing")
    return "".join(characters)


def checked(name, kind, value, source):
    """`value` as a `kind`; TypeError when it is none, ValueError when no float or 64-bit integer holds it."""
    given = TYPES.get(type(value))
    if given == "int" and kind == "float":
        try:
            value = float(value)
        except OverflowError:
            raise ValueError("%s takes 64-bit floats" % name) from None
    elif given is None or given != kind:
        raise TypeError("%s takes %s, not %s" % (name, kind, given or type(value).__name__))
    if kind == "int" and value >> 63 not in (0, -1):
        raise ValueError("%s takes 64-bit integers" % name)
    if kind == "string" and source == DASHBOARD:
        value = whole(value)
    if kind == "float" and source == DASHBOARD and value - value != 0:
        raise ValueError("%s takes finite numbers" % name)
    return value


def finite(value):
    """`value` as JSON can hold it: None for NaN and infinities."""
    return None if type(value) is float and value - value != 0 else value


class Variable:
    """A value shared by the script, the dashboard and the cloud.

    type: "bool", "int", "float" or "string" (or bool, int, float, str); without it the first value decides.
    on_write(client, value) runs when the dashboard or the cloud wrote; without it they may not.
    on_read(client) gives a new value, on_run(client, args) just runs, each every `interval` seconds.
    sync: who wins after a reconnection, "cloud" or "device"; without it the later change.
    options: how the page shows it: widget, title, min, max, step, unit, values.
    """

    def __init__(
        self, name, type=None, value=None, on_read=None, on_write=None, on_run=None,
        interval=1.0, backoff=None, args=None, sync=None, **options
    ):  # fmt: skip
        for option in options:
            if option not in _OPTIONS:
                raise TypeError("%s got an unexpected keyword argument '%s'" % (name, option))
        self.name = name
        self.type = TYPES.get(type, type)
        if type is not None and self.type not in TYPES.values():
            raise TypeError("%s: type is bool, int, float or string, not %s" % (name, type))
        self.on_read = on_read
        self.on_write = on_write
        self.on_run = on_run
        self.interval = interval
        self.backoff = backoff
        self.args = args
        self.sync = sync
        self.options = options
        self.time = None  # Unix seconds of the last change, None when unknown
        self.marked = False  # whether the cloud has yet to acknowledge the value
        self.registry = None
        self._value = None
        self._calling = None  # the task of an on_write that is a coroutine
        self._call_again = False
        if value is not None:
            self.take(value, DEVICE)

    def __repr__(self):
        return str(self._value)

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        if self.registry:
            self.registry.write(self, value)
        else:
            self.take(value, DEVICE)

    @property
    def writable(self):
        return self.on_write is not None

    @property
    def initialized(self):
        return self._value is not None

    @property
    def is_task(self):
        """Whether it only runs, and carries no value."""
        return self.on_run is not None and self.type is None and not (self.on_read or self.on_write)

    def item(self):
        """What `client[name]` and callbacks see."""
        return self._value

    def json(self):
        return finite(self._value)

    def records(self):
        """(name, value) pairs, as SenML carries them."""
        return ((self.name, self._value),)

    def holds(self, value):
        return value == self._value

    def take(self, value, source):
        """Checks and keeps `value`; tells whether it differs from the one before."""
        kind = self.type or TYPES.get(type(value))
        value = checked(self.name, kind, value, source)
        self.type = kind
        changed = value != self._value
        self._value = value
        return changed


class Peer:
    """One who follows the registry: it holds the set of what changed, so only the newest value counts."""

    def __init__(self, registry):
        self.changed = set()
        self._news = asyncio.Event()
        self._registry = registry
        registry.peers.append(self)

    def tell(self, variable):
        self.changed.add(variable)
        self._news.set()

    async def news(self):
        """Waits until something changed; `take` says what."""
        await self._news.wait()

    def take(self):
        """The variables changed since the last call; None among them stands for the status."""
        self._news.clear()
        changed, self.changed = self.changed, set()
        return changed

    async def changes(self):
        await self.news()
        return self.take()

    def leave(self):
        self._registry.peers.remove(self)


class Registry:
    """Variables by name, in the order of their registration, the peers that follow them, and the status."""

    def __init__(self, client=None):
        self.client = client
        self.peers = []
        self.status = {}
        self.store = None
        self.history = None
        self._variables = OrderedDict()

    def __getitem__(self, name):
        return self._variables[name]

    def __contains__(self, name):
        return name in self._variables

    def __iter__(self):
        return iter(self._variables.values())

    def add(self, variable):
        variable.registry = self
        if not (self.store and self.store.restore(variable)) and variable.initialized:
            variable.time = now()
        self._variables[variable.name] = variable
        self._tell(variable)
        return variable

    def set_status(self, **changes):
        if any(self.status.get(key) != changes[key] for key in changes):
            self.status.update(changes)
            self._tell(None)

    def write(self, variable, value, source=DEVICE, sender=None):
        """Stores the value, runs `on_write` unless the script wrote, and tells every peer but the sender.

        Raises ReadOnly, or TypeError and ValueError for a value that does not fit; then nothing changed.
        """
        if source != DEVICE and not variable.writable and (source == DASHBOARD or variable.initialized):
            raise ReadOnly("%s is read-only" % variable.name)
        changed = variable.take(value, source)
        if source == DEVICE and not changed:
            return
        variable.time = now()
        if source != DEVICE and variable.writable:
            self.call(variable)
        self._tell(variable, sender)

    def _tell(self, variable, sender=None):
        for peer in self.peers:
            if peer is not sender:
                peer.tell(variable)

    def call(self, variable):
        """Runs `on_write` with the value that the variable has."""
        if variable._calling:  # a coroutine still works on an older value: it runs again with the newest
            variable._call_again = True
            return
        try:
            result = variable.on_write(self.client, variable.item())
        except Exception as error:
            log_exception("on_write of %s raised" % variable.name, error)
            return
        if is_coroutine(result):
            variable._calling = asyncio.create_task(self._finish(variable, result))

    async def _finish(self, variable, call):
        try:
            await call
        except Exception as error:
            log_exception("on_write of %s raised" % variable.name, error)
        finally:
            variable._calling = None
        if variable._call_again:
            variable._call_again = False
            self.call(variable)
