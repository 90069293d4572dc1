"""The registry: every variable of the board, and the one method through which each change goes."""

import asyncio
from collections import OrderedDict

from .compat import guarded, is_coroutine, log, now

DEVICE, DASHBOARD, CLOUD = range(3)  # who wrote

TYPES = {bool: "bool", int: "int", float: "float", str: "string"}
_OPTIONS = ("widget", "title", "min", "max", "step", "unit", "values")  # how the page shows a variable


class ReadOnly(Exception):
    """A write from the dashboard or the cloud to a variable without `on_write`."""


def whole(text):
    """`text` with characters beyond U+FFFF whole: MicroPython's JSON leaves their two escapes apart.

    ValueError when one of the halves is missing.
    """
    characters, half = [], 0
    for character in text + "\0":
        code = ord(character)
        kind = code >> 10  # 54: the first half of a character, 55: the second
        if (half > 0) != (kind == 55):
            raise ValueError("half a character is missing")
        if half:
            character = chr((half << 10) + code - 0x35FDC00)
        half = code if kind == 54 else 0
        if not half:
            characters.append(character)
    return "".join(characters)[:-1]


def checked(name, kind, value, source):
    """`value` as a `kind`; TypeError when it is none, ValueError when no float or 64-bit integer holds it."""
    given = TYPES.get(type(value))
    if given == "int":
        real = kind == "float"
        if value >> (1023 if real else 63) not in (0, -1):
            raise ValueError("%s takes 64-bit numbers" % name)
        if real:
            given, value = kind, float(value)
    if given is None or given != kind:
        raise TypeError("%s takes %s, not %s" % (name, kind, given or type(value).__name__))
    if source == DASHBOARD:
        if kind == "string":
            return whole(value)
        if finite(value) is None:
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
        self.call = None  # the task of an on_write that is a coroutine
        self.again = False  # whether the value has changed since
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
        status = dict(self.status, **changes)
        if status != self.status:
            self.status = status
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
        if variable.call:  # a coroutine still works on an older value: it runs again with the newest
            variable.again = True
            return
        what = "on_write of " + variable.name
        try:
            call = variable.on_write(self.client, variable.item())
        except Exception as error:
            log.exception("%s raised", what, exc_info=error)
            return
        if is_coroutine(call):
            variable.call = asyncio.create_task(self._finish(variable, guarded(what, call)))

    async def _finish(self, variable, call):
        try:
            await call
        finally:
            variable.call = None
        if variable.again:
            variable.again = False
            self.call(variable)
