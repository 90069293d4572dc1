"""The registry: every variable of the board, and the one method through which each change goes."""

import asyncio
from collections import OrderedDict

from .compat import is_coroutine, now, raised

DEVICE, DASHBOARD, CLOUD = range(3)  # who wrote; the script, which is 0, may write anything

TYPES = {bool: "bool", int: "int", float: "float", str: "string"}


def whole(value):
    """A text with characters beyond U+FFFF whole: MicroPython's JSON leaves their two escapes apart.

    ValueError when one of the halves is missing.
    """
    characters, half = [], 0
    for code in map(ord, value + "\0"):
        if (half > 0) != (code >> 10 == 55):  # 54: the first half of a character, 55: the second
            raise ValueError("half a character is missing")
        if half:
            code += (half << 10) - 0x35FDC00
        half = code if code >> 10 == 54 else 0
        if not half:
            characters.append(chr(code))
    return "".join(characters)[:-1]


def checked(name, kind, value, source, limit=None):
    """`value` as a `kind`; TypeError when it is none, ValueError when no float or 64-bit integer holds it.

    kind: one of TYPES, or None for any;
    limit: the most that the page may write; the least is 0, or the same with a minus if this has one.
    """
    given = TYPES.get(type(value))
    if given == "int":
        if value >> (1023 if kind == "float" else 63) not in (0, -1):
            raise ValueError("%s takes finite 64-bit numbers" % name)
        if kind == "float":
            given, value = kind, float(value)
    if not given or kind and given != kind:
        raise TypeError("%s takes %s, not %s" % (name, kind, given or type(value).__name__))
    if source == DASHBOARD:
        if kind == "string":
            return whole(value)
        if value - value:  # NaN, also for infinities
            raise ValueError("%s takes finite 64-bit numbers" % name)
        if limit:
            least, most = min(limit, 0), abs(limit)
            if not least <= value <= most:
                raise ValueError("%s takes %d to %d" % (name, least, most))
    return value


def finite(value):
    """`value` as JSON can hold it: None for NaN and infinities."""
    if isinstance(value, dict):
        return dict(zip(value, map(finite, value.values())))
    return None if type(value) is float and value - value else value


class Peer:
    """One who follows the registry: it holds the set of what changed, so only the newest value counts.

    It leaves by being removed from the registry's peers.
    """

    def __init__(self, registry):
        self.changed = set()
        self._news = asyncio.Event()
        self._registry = registry
        registry.peers.append(self)

    def tell(self, variable):
        self.changed.add(variable)
        self._news.set()

    async def changes(self):
        """Waits for variables that changed since the last call; None among them stands for the status."""
        await self._news.wait()
        self._news.clear()
        changed, self.changed = self.changed, set()
        return changed


class Registry(OrderedDict):
    """Variables by name, in the order of their registration, the peers that follow them, and the status.

    To iterate over it gives the variables.
    """

    store = history = None

    def __init__(self, client=None):
        super().__init__()
        self.client = client
        self.peers = []
        self.status = {}

    def __iter__(self):
        return iter(self.values())

    def add(self, variable):
        variable.registry = self
        self[variable.name] = variable
        self._tell(variable)
        if self.store:
            self.store.restore(variable)
        return variable

    def set_status(self, **changes):
        status = dict(self.status, **changes)
        if status != self.status:
            self.status = status
            self._tell(None)

    def write(self, variable, value, source=DEVICE, sender=None):
        """Stores the value, runs `on_write` unless the script wrote, and tells every peer but the sender.

        Raises AttributeError when the source may not write, as to set an attribute that is read-only does,
        and TypeError or ValueError for a value that does not fit; then nothing changed.
        """
        if source and not variable.on_write and (source == DASHBOARD or variable.initialized):
            raise AttributeError("%s is read-only" % variable.name)
        if variable.take(value, source) or source:
            variable.time = now()
            if source and variable.on_write:
                self.call(variable)
            self._tell(variable, sender)

    def _tell(self, variable, sender=None):
        for peer in self.peers:
            if peer is not sender:
                peer.tell(variable)

    def call(self, variable):
        """Runs `on_write` with the value that the variable has; a coroutine, one after the other."""
        variable.due = variable.busy  # it works on an older value: it runs again with the newest
        if variable.busy:
            return
        what = "on_write of " + variable.name
        try:
            call = variable.on_write(self.client, variable.item())
            if is_coroutine(call):
                self.client.create_task(what, self._finish(variable, call))
                variable.busy = True
        except Exception as error:
            raised(what, error)

    async def _finish(self, variable, call):
        try:
            await call
        finally:
            variable.busy = False
        if variable.due:
            self.call(variable)


class Variable:
    """A value shared by the script, the dashboard and the cloud.

    type: "bool", "int", "float" or "string" (or bool, int, float, str); without it the first value decides.
    on_write(client, value) runs when the dashboard or the cloud wrote; without it they may not.
    on_read(client) gives a new value, on_run(client, args) just runs, each every `interval` seconds.
    sync: who wins after a reconnection, "cloud" or "device"; without it the later change.
    options: how the page shows it: widget, title, min, max, step, unit, values.
    """

    registry = Registry()  # one that nobody follows
    type = None
    initialized = False  # whether it has a value
    on_run = None
    time = None  # Unix seconds of the last change, None when unknown
    marked = False  # whether the cloud has yet to acknowledge the value; None: unless a new Thing has another
    busy = False  # whether a coroutine of on_write works
    due = False  # whether on_write has to run, once that is done
    _value = None

    def __init__(
        self, name, type=None, value=None, on_read=None, on_write=None, on_run=None,
        interval=1.0, backoff=None, args=None, sync=None, **options
    ):  # fmt: skip
        for option in options:
            if option not in "widget title min max step unit values".split():
                raise TypeError("%s has no option %s" % (name, option))
        if type is not None:
            self.type = TYPES.get(type, type)
            if self.type not in TYPES.values():
                raise TypeError("%s: type is bool, int, float or string" % name)
        self.name = name
        self.on_read = on_read
        self.on_write = on_write
        if on_run:
            self.on_run = on_run
        self.interval = interval
        self.backoff = backoff
        self.args = args
        self.sync = sync
        self.options = options
        if value is not None:
            self.value = value

    def __repr__(self):
        return str(self._value)

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        self.registry.write(self, value)

    def item(self):
        """What `client[name]` and callbacks see: of several parts, the variable itself."""
        return self if isinstance(self._value, dict) else self._value

    def json(self):
        return finite(self._value)

    def records(self):
        """(name, value) pairs, as SenML carries them."""
        return ((self.name, self._value),)

    def take(self, value, source):
        """Checks and keeps `value`; tells whether it differs from the one before."""
        value = checked(self.name, self.type, value, source)
        self.type = TYPES[type(value)]
        self.initialized = True
        changed = value != self._value
        self._value = value
        return changed
