"""The registry: every variable of the board, and the one method through which each change goes.

Its rules:
1. Every write, from whomever, goes through `Registry.write` with its source: DEVICE (the script), DASHBOARD
   or CLOUD.
2. A variable is writable when it has an `on_write`. Writes from the dashboard and the cloud to others are
   refused: the page gets an error, the cloud's is logged and dropped. The one exception: a variable without
   a value takes its first from the cloud, and a newer last value until the script writes it.
3. A type is fixed by `type=`, by the first value, or by what was stored last time. An int given to a float
   becomes one; a bool is no int; anything else is a TypeError for the script, an error for the page, a
   logged drop from the cloud. So is what is out of `min` and `max`, or none of `values`: a ValueError, where
   there is an on_write. The page may write no NaN and no infinities.
4. A write stores the value, then runs `on_write(client, value)` unless the script wrote, then has the peers
   note it: so what a callback sets leaves in the same message. Of several parts a callback sees the object.
   It may be a coroutine. One that raises is logged with its traceback; the value stays, and all goes on.
5. A value from the cloud is never sent back to it. A value from a page goes to the cloud and to every other
   page; the sender gets an acknowledgement or an error, so a page never shows what the board did not take.
6. Only the newest value counts: peers keep a set of what changed, never a queue: memory stays bounded.
7. A change that the cloud does not have yet stays marked. After every (re)connection, and in doubt, the board
   asks for the last values and merges three ways (agreement.py): what it knew the cloud to hold is no change
   of the cloud's; an unmarked variable takes the cloud's; where both changed the more recent wins, if both
   times are known and the clock is set, otherwise the board's. `sync=` may say "cloud" or "device" instead.
8. Writable variables and all types survive a power cut, never readings: flash wears out. At start a stored
   value comes before the script's `value=`, and its `on_write` runs once, so that the pins match.
"""

import asyncio
from collections import OrderedDict

from .clock import now
from .compat import is_coroutine, text_of, ticks_ms
from .errors import log_raised
from .tasks import guarded

DEVICE, DASHBOARD, CLOUD = 0, 1, 2  # who wrote; the script, which is 0, may write anything

STATUS = "status"  # what peers note, beside variables: the registry's status changed

TYPES = {bool: "bool", int: "int", float: "float", str: "string"}


def is_finite(number):
    """Whether it is neither NaN nor infinite: the difference to itself would be NaN."""
    return number - number == 0


def checked(name, kind, value, source, least=None, most=None):
    """`value` as a `kind`; TypeError when it is none, ValueError when no float or 64-bit integer holds it,
    or when it is no text that everyone takes.

    kind: one of TYPES, or None for any; least, most: the range of what the page may write.
    """
    given = TYPES.get(type(value))
    if given == "int":
        if value >> (1023 if kind == "float" else 63) not in (0, -1):
            raise ValueError("%s takes finite 64-bit numbers" % name)
        if kind == "float":
            given, value = kind, float(value)
    if not given or kind and given != kind:
        raise TypeError("%s takes %s, not %s" % (name, kind or "one value", given or type(value).__name__))
    if given == "string":
        return text_of(value)
    if source == DASHBOARD:
        if not is_finite(value):
            raise ValueError("%s takes finite 64-bit numbers" % name)
        if most is not None and not least <= value <= most:
            raise ValueError("%s takes %d to %d" % (name, least, most))
    return value


def finite(value):
    """`value` as JSON can hold it: None for NaN and infinities."""
    if isinstance(value, dict):
        return dict(zip(value, map(finite, value.values())))
    return value if type(value) is not float or is_finite(value) else None


class Peer:
    """One who follows the registry: it holds the set of what changed, so only the newest value counts.

    It leaves by being removed from the registry's peers.
    """

    read = None  # bytes of the log that it has read, if it reads it

    def __init__(self, registry):
        self.changed = set()
        self._news = asyncio.Event()
        self._registry = registry
        registry.peers.append(self)

    def note(self, change):
        """Notes a variable that changed, or STATUS."""
        self.changed.add(change)
        self._news.set()

    async def changes(self):
        """Waits for what was noted since the last call."""
        await self._news.wait()
        self._news.clear()
        changed, self.changed = self.changed, set()
        return changed


class Registry:
    """The variables by name, in the order of their registration, the peers that follow them, and the status.

    thing: what the cloud said of the Thing: thing_id, tz_offset (s), tz_dst_until (Unix time). It is stored.
    """

    store = history = log = None

    def __init__(self, client=None):
        self.client = client
        self.variables = OrderedDict()
        self.peers = []
        self.status = {}
        self.thing = {}
        self.restored = []  # variables whose on_write is due since they were restored
        self.flash = asyncio.Lock()  # one file is written at a time: FAT loses entries otherwise
        self.written = ticks_ms() - 1000  # when the dashboard wrote last

    def add(self, variable):
        variable.registry = self
        self.variables[variable.name] = variable
        self._announce(variable)
        if self.store:
            self.store.restore(variable)
        return variable

    def set_status(self, **changes):
        status = dict(self.status, **changes)
        if status != self.status:
            self.status = status
            self._announce(STATUS)

    def write(self, variable, value, source=DEVICE, sender=None, reading=False, last=False):
        """Stores the value, runs `on_write` unless the script wrote; then every peer but the sender notes it.

        reading: the store notes only a variable's first, which brings its type; last: one of the cloud's last
        values, which may also take the place of an older one of these.
        Raises AttributeError when the source may not write, as to set an attribute that is read-only does,
        and TypeError or ValueError for a value that does not fit; then nothing changed.
        """
        if source == DASHBOARD:
            self.written = ticks_ms()
        if source and not variable.on_write and (source == DASHBOARD or variable.initialized and not last):
            raise AttributeError("%s is read-only" % variable.name)
        but = self.store if reading and variable.initialized else None
        if not source and not variable.on_write:
            variable.own = True
        if variable.take(value, source) or source:
            variable.time = now()
            if source and variable.on_write:
                self.call(variable)
            self._announce(variable, sender, but)

    def _announce(self, change, *but):
        """Has every peer but these note a change."""
        for peer in self.peers:
            if peer not in but:
                peer.note(change)

    def call(self, variable):
        """Runs `on_write` with the value that the variable has; a coroutine, one after the other."""
        task = variable.busy
        if task:
            variable.due = True  # it works on an older value: it runs again with the newest
            if variable.restart and task is not True:
                task.cancel()
            return
        what = "on_write of " + variable.name
        try:
            call = variable.on_write(self.client, variable.item())
            if is_coroutine(call):
                self.client.create_task(what, self._finish(variable, what, call))
                variable.busy = True
        except Exception as error:
            log_raised(what, error)

    async def _finish(self, variable, what, call):
        variable.busy = asyncio.current_task()
        try:
            if variable.due:  # a newer value came before it began
                call.close()
            else:
                await guarded(what, call)
        except asyncio.CancelledError:
            if not (variable.due and variable.restart):
                raise
        finally:
            variable.busy = False
        if variable.due:
            variable.due = False
            self.call(variable)


class Variable:
    """A value shared by the script, the dashboard and the cloud.

    type: "bool", "int", "float" or "string" (or bool, int, float, str); without it the first value decides.
    on_write(client, value) runs when the dashboard or the cloud wrote; without it they may not.
    on_read(client) gives a new value, on_run(client, args) just runs, each every `interval` seconds.
    sync: who wins after a reconnection, "cloud" or "device"; without it the later change.
    options: how the page shows it: widget, title, min, max, step, unit, values; what is beyond min and max or
    none of the values is refused, but without an on_write only as its first. And restart: whether a newer
    value ends the coroutine of on_write that works on an older one.

    What is as with most is the class's, and set of one only where it differs: there may be hundreds.
    """

    registry = Registry()  # one that nobody follows
    kind = None  # its type while it has no value
    own = False  # whether the script wrote it since the start; only of one without an on_write
    on_read = on_write = on_run = backoff = args = sync = None
    interval = 1.0
    restart = False
    time = None  # Unix seconds of the last change, None when unknown
    marked = False  # whether the cloud has yet to acknowledge the value
    busy = False  # while a coroutine of on_write works: its task, or True until it begins
    due = False  # true when on_write has to run, once that is done
    _value = None
    options = ()  # a tuple of their names, which is shared, then the value of each
    knows = ()  # `known`, or all that is in it: an int alone takes no memory

    def __init__(
        self, name, type=None, value=None, on_read=None, on_write=None, on_run=None,
        interval=1.0, backoff=None, args=None, sync=None, **options
    ):  # fmt: skip
        if type is not None:
            self.kind = TYPES.get(type, type)
            if self.kind not in TYPES.values():
                raise TypeError("%s: type is bool, int, float or string" % name)
        self.name = name
        if on_write:
            self.on_write = on_write
        if on_read:
            self.on_read = on_read
        if on_run:
            self.on_run = on_run
        if backoff is not None:
            self.backoff = backoff
        if args is not None:
            self.args = args
        if sync:
            self.sync = sync
        if interval != 1.0:
            self.interval = interval
        if options:
            from .options import check  # loaded only where there are some

            check(self, options, None if on_read else value)
        if value is not None:
            self.value = value

    def __repr__(self):
        return str(self._value)

    @property
    def type(self):
        return TYPES.get(type(self._value), self.kind)

    @property
    def known(self):
        """What the cloud holds as far as the board knows: agreement.py."""
        return self.knows if type(self.knows) is tuple else (self.knows,)

    @property
    def initialized(self):
        """Whether it has a value."""
        return self._value is not None

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

    def records(self, value=None):
        """The (name, value) pairs of its value, or of another that fits, as SenML carries them."""
        return ((self.name, self._value if value is None else value),)

    def fit(self, value, source):
        """`value` as it would be kept. TypeError or ValueError when it may not be."""
        value = checked(self.name, self.type, value, source)
        if self.options and self.on_write:
            from .options import within

            within(self, value)
        return value

    def take(self, value, source):
        """Keeps `value` if it fits; tells whether it differs from the one before."""
        value = self.fit(value, source)
        if self.kind:
            del self.kind  # the value takes its place
        changed = value != self._value
        self._value = value
        return changed
