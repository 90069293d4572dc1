"""Histories: drawn from a seed, run against the board's code, and made short when they fail."""

import asyncio
import contextlib
import gc
import json
import logging
import os
import random as randomness
import zlib
from random import Random

from sideboard import clock, cloud, cpython, store
from sideboard.variables import Variable

from tests.simulation.board import WORDS, Board, value_for
from tests.simulation.far_end import LAST_OUT, VALUES_OUT, Broker, Thing, by_variable
from tests.simulation.line import BoardSession, Network
from tests.simulation.model import NAN, STORED_AFTER, Failure, Model, key_of
from tests.simulation.virtual import Clock, Flash, Loop

_APART = 0.495  # seconds between two messages of values: 500 ms, less what whole milliseconds hide
_STILL = 30  # so long at the end nothing is sent
SINGLE = ("number", "level", "text", "flag", "light", "color", "slow", "turned")
_QUESTIONS = 20  # so often may a board that has quiet ask for last values


PLAIN = {  # what makes a history easier to follow
    "split": 0, "duplicates": 0, "lost": 0, "jitter": 0, "tls": None, "preset": [], "sync": None,
    "syncs": {}, "clock": "right", "offset": 0, "stamped": True, "live_stamped": False, "lag": (0, 0),
    "look": (0, 0), "delay": 0.001, "latency": 0.002, "slow": 0, "there": [],
    "way": (0, 0), "live": (0, 0), "late": 0, "nan": False,
}  # fmt: skip


def draw(seed):
    """(config, events): events are (seconds, what, …), in their order."""
    random = Random(seed)
    choose = random.choice
    clocks = ("right",) * 5 + ("whole", "unset", "late", "off", "jumps")
    kind = choose(clocks)
    names = random.sample(SINGLE, choose((1, 1, 2, 3)))
    if random.random() < 0.15:
        names += ["leader", "follower"]
    if random.random() < 0.15:
        names.append("reading")
    if random.random() < 0.1:
        names += WORDS
    config = {
        "seed": seed,
        "variables": names,
        "preset": [name for name in names if random.random() < 0.25],
        "sync": choose((None,) * 8 + ("cloud", "device")),
        "syncs": {name: choose(("cloud", "device")) for name in names if random.random() < 0.06},
        "slow": choose((0, 0.2, 1.5)),
        "tls": choose((None, None, "tls")),
        "delay": choose((0.001, 0.02, 0.1, 0.4)),
        "jitter": choose((0, 0.02, 0.2)),
        "split": choose((0, 0, 0.2)),
        "latency": choose((0.002, 0.05, 0.3)),
        "lag": choose(((0, 0), (0.03, 0.03), (0.03, 0.03), (0, 0.7), (0.7, 0.7), (0, 3), (3, 3), (0, 8))),
        "look": choose(((0, 0), (0, 0.03), (0, 0.3), (0, 2))),
        "live": choose(((0, 0.05),) * 3 + ((0, 1), (0, 3))),
        "stamped": random.random() < 0.85,
        "live_stamped": random.random() < 0.5,
        "way": choose(((0, 0.05),) * 6 + ((0, 2), (0, 7), (6, 7), (10, 14))),
        "lost": choose((0, 0, 0.2)),
        "duplicates": choose((0, 0, 0.2)),
        "clock": {"jumps": "off", "late": "unset"}.get(kind, kind),
        "late": choose((1, 5, 20)) if kind == "late" else 0,
        "nan": random.random() < 0.2,
        "offset": choose((-1, 1)) * choose((2, 10, 60, 300)) if kind in ("off", "jumps") else 0,
        "there": [name for name in names if random.random() < 0.6],
    }
    config["quiet"] = 300 if config["way"][1] > 20 or random.random() < 0.02 else 120
    return config, _draw_events(random, config, kind == "jumps")


def _draw_events(random, config, jumps):
    choose = random.choice
    writable = [name for name in config["variables"] if name not in ("follower", "reading")]
    time = choose((0.05, 4, 8))
    events = [(0.01 + number / 100, "open", number) for number in range(choose((1, 1, 2, 3)))]
    for number in range(1, choose((4, 8, 14)) + 1):
        time += choose((0.01, 0.1, 0.3, 0.7, 1, 2, 4, 10)) * (0.5 + random.random())
        name, page = choose(writable), random.randrange(3)
        what = random.random()
        if "word0" in writable and what < 0.1:
            events += [(time, "script", word, number * 100) for word in WORDS]
        elif what < 0.34:
            events.append((time, "page", page, name, number * 100))
        elif what < 0.38:
            for step in range(choose((5, 20, 50))):
                events.append((time + step / 20, "page", page, name, number * 100 + step))
        elif what < 0.60:
            events.append((time, "cloud", name, number * 100))
        elif what < 0.65:
            events.append((time, "script", choose(config["variables"]), number * 100))
        elif what < 0.67:
            events += [(time, "down", "refused", 8, True, True)]
            places = [("page", page), ("cloud",)]
            random.shuffle(places)
            for place in places:
                time += choose((0.1, 0.6, 2, 3))
                number += 1
                events.append((time, *place, name, number * 100))
        elif what < 0.76:
            events.append((time, "cut", choose((True, False)), choose((True, False))))
        elif what < 0.84:
            knows = choose((True, False)), choose((True, False))
            events.append((time, "down", choose(("refused", "silent")), choose((2, 5, 20)), *knows))
        elif what < 0.89:
            events.append((time, "stall", choose((0.5, 2, 4, 8))))
        elif what < 0.91:
            events.append((time, "broker", choose((1, 5))))
        elif what < 0.93:
            events.append((time, choose(("open", "leave")), page))
        elif what < 0.94:
            events.append((time, "full", choose((1, 5, 20))))
        elif what < 0.95 and config["way"][1] < 5:  # one that is slower seems to have no values
            there = [name for name in config["variables"] if random.random() < 0.5]
            events.append((time, "move", number * 100, there))
        elif what < 0.985:
            events.append((time, "reset", choose((0.5, 2, 10)), choose((None, None, 5, 60, 1000))))
        elif jumps:
            events.append(choose(((time, "jump", choose((-60, -3, 3, 60))), (time, "set"))))
    return sorted(events, key=lambda event: event[0])


def _end(event):
    """When what an event began is over."""
    time, what, *args = event
    lasts = {"down": args[-3:-2], "stall": args, "broker": args, "reset": args[:1], "full": args}
    return time + lasts.get(what, [0])[0]


class World:
    """One history while it runs. but: kinds of failures that are not looked for."""

    def __init__(self, config, events, loop, but):
        self._but = but
        self._events = events
        self.config = config
        self.loop = loop
        self.random = random = Random(config["seed"])
        self.failure = None
        self.failed = loop.create_future()
        self.quiet = False
        self.readings = 0
        syncs = {name: config["syncs"].get(name, config["sync"]) for name in config["variables"]}
        prompt = config["way"][1] + config["look"][1] <= 2 and config["delay"] < 0.4 and not config["lost"]
        prompt = prompt and all(event[1] != "stall" for event in events)
        self.model = Model(loop.time, syncs, config["stamped"], prompt, self.fail)
        self.model.clock = config["clock"]
        self.clock = Clock(loop, config["clock"], config["offset"])
        self.flash = Flash(self._power_failed, self._stored)
        self.network = Network(loop, random, config["delay"], config["jitter"], config["split"])
        self.broker = Broker(loop, self.network, random, config["duplicates"])
        self.thing = self._new_thing("thing")
        self.board = None
        self._starting = None
        self._outages = 0
        self.brings = {}  # what the message brings that the board is taking: {name: the model's write}
        self.kept = {}  # what the flash has of each variable: one of the model's `been` in a list, or none
        self._file = -1, {}
        self._published = []
        self._questions = 0

    async def run(self):
        for name in self.config["there"]:
            if name in self.config["variables"]:
                self.thing.write(name, value_for(name, 1))
        self._start(None)
        for event in self._events:
            self.loop.call_at(event[0], self._happen, event)
        heal = max(map(_end, self._events), default=0) + 0.1
        self.loop.call_at(heal, self._heal)
        self.loop.call_at(heal + self.config["quiet"], self._finish)
        await self.failed

    def _finish(self):
        self._check()
        if not self.failed.done():
            self.failed.set_result(None)

    def fail(self, failure):
        if not self.failure and failure.kind not in self._but:
            self.failure = failure
            if not self.failed.done():
                self.failed.set_result(None)

    def raised(self, what, error):
        """An exception that the board's code does not expect."""
        self.fail(error if isinstance(error, Failure) else Failure("raised", f"{what}: {error!r}"))

    def _happen(self, event):
        _, what, *args = event
        self._look()
        getattr(self, "_" + what)(*args)

    def _new_thing(self, id):
        return Thing(id, self.loop, self.broker, self.random, self.model, self.config)

    # Events.

    def _page(self, page, name, number):
        page = self.board and self.board.page(page)
        if page and name in page.shown:
            value = value_for(name, number)
            if number % 3 == 0 and isinstance(value, dict):
                value = {"hue": value["hue"]}
            page.write(name, value)

    def _cloud(self, name, number):
        if name in self.config["variables"]:
            self.thing.write(name, self._or_nan(name, number + 50))

    def _script(self, name, number):
        if self.board and name in self.config["variables"]:
            self.board[name] = self._or_nan(name, number + 75)

    def _or_nan(self, name, number):
        if name == "level" and self.config["nan"] and number // 100 % 3 == 0:
            return float("nan")
        return value_for(name, number)

    def _move(self, number, there):
        """The board gets another Thing, which has values of some variables."""
        self.thing.left = True
        self.model.moved()
        self.thing = self._new_thing(f"thing{number}")
        for name in there:
            self.thing.write(name, value_for(name, number + 60))
        self.thing.introduce()

    def _full(self, seconds):
        self.flash.full = True
        self.model.full.append((self.loop.now - STORED_AFTER, self.loop.now + seconds))
        self.loop.call_later(seconds, self._make_room)

    def _make_room(self):
        self.flash.full = False

    def _set(self):
        self.clock.set()
        self.model.clock = "right"

    def _open(self, number):
        if self.board and not self.board.page(number):
            self.board.open_page(number)

    def _leave(self, number):
        page = self.board and self.board.page(number)
        if page:
            page.leave()

    def _cut(self, board_knows, broker_knows):
        self.network.cut(board_knows, broker_knows)

    def _down(self, why, seconds, board_knows, broker_knows):
        self.network.down = why
        self.network.cut(board_knows, broker_knows)
        self.loop.call_later(seconds, self._up)

    def _up(self):
        self._look()
        self.network.down = None

    def _stall(self, seconds):
        self.network.stalled = max(self.network.stalled, self.loop.now + seconds)

    def _broker(self, seconds):
        self.broker.restart()
        self.network.down = "refused"
        self.loop.call_later(seconds, self._up)

    def _jump(self, seconds):
        self.clock.kind = self.model.clock = "off"
        self.clock.offset += seconds

    def _reset(self, seconds, while_storing):
        """The board stops and starts again; while_storing: at the next storing, after so many letters."""
        if not self.board:
            return
        if while_storing is None:
            self._stop(seconds)
        else:
            self.flash.fail_after = while_storing
            self._starting = seconds

    def _power_failed(self):
        self.loop.call_soon(self._stop, self._starting)

    def _stop(self, seconds):
        if self.board:
            pages = [page.number for page in self.board.pages]
            self.board.stop()
            self.flash.off = True
            self.board = None
            self.loop.call_later(seconds, self._start, self.loop.now, pages)

    def _start(self, cut, pages=()):
        self.flash.off = False
        self.flash.fail_after = None
        if self.config["late"]:
            self.clock.kind = self.model.clock = "unset"
            self.loop.call_later(self.config["late"], self._set)
        joined = self.stored().get(":thing", {}).get("thing_id", self.thing.id) == self.thing.id
        self.thing.joined = self.thing.joined and joined
        self.board = Board(self, cut)
        for number in pages:
            self.loop.call_later(1, self._open, number)

    def _look(self):
        """Whether neither place can hear of the other now."""
        line = self.network.line
        connected = self.board and self.board.registry.status.get("cloud") == "connected"
        apart = self.network.down and not self.broker.session and not self.thing.waiting
        if apart and not connected and not (line and line.error is None):
            if self.model.outage is None:
                self._outages += 1
                self.model.outage = self._outages
        else:
            self.model.outage = None

    def _heal(self):
        self.quiet = True
        self.flash.fail_after = None
        self.network.down = None
        self.network.stalled = 0
        self.thing.lost = 0
        self.broker.duplicates = 0
        if not self.board:
            return
        for number in range(2):
            self._open(number)

    # What is watched.

    def stored(self):
        version, kept = self._file
        if version != self.flash.version:
            kept = json.loads(self.flash.files.get("sideboard.json", "{}"))
            self._file = self.flash.version, kept
        return kept

    def pictured(self, picture):
        """The board is about to store this, if it is not what the file has."""
        stored = [name for name in self.model.been if picture.get(name, (None, None))[1] is not None]
        self._pictured = {name: self.model.been[name][-1:] for name in stored}
        if picture == self.stored():
            self._stored()

    def _stored(self):
        self.kept = self._pictured

    def brought(self, writes):
        self.brings = writes or {}

    def published(self, topic, number, payload):
        """The board sends a message."""
        now = self.loop.now
        if topic.endswith(VALUES_OUT):
            self.network.line.writes[number] = {
                name: self.model.sent(name) for name, _ in by_variable(payload)
            }
            if self._published and now - self._published[-1] < _APART:
                self.fail(Failure("too fast", f"two messages, at {self._published[-1]:.3f} and {now:.3f} s"))
            self._published.append(now)
        elif self.quiet and topic.endswith(LAST_OUT):
            self._questions += 1

    def _check(self):
        now = self.loop.now
        board = self.board
        if board.registry.status["cloud"] != "connected":
            self.fail(Failure("offline", "the board does not connect"))
        if self._published and self._published[-1] > now - _STILL:
            text = f"a message at {self._published[-1]:.2f} s, {now:.2f} s is the end"
            self.fail(Failure("chatter", text))
        if self._questions > _QUESTIONS:
            self.fail(Failure("chatter", f"{self._questions} questions"))
        for name, variable in board.registry.variables.items():
            value = variable.value if variable.initialized else None
            thing = self.thing.values.get(name, (None,))[0]
            pages = [page.shown.get(name) for page in board.pages] if variable.initialized else ()
            if key_of(value) == NAN:  # of which JSON has none
                pages = [value if shown is None else shown for shown in pages]
            self.model.check(name, value, thing, pages)
            if variable.on_write and value is not None:
                self.model.check_called(name, board.called.get(name))


class _Errors(logging.Handler):
    """What the board's code logs of exceptions that it did not expect."""

    world = None

    def emit(self, record):
        if record.exc_info:
            self.world.raised(record.getMessage(), record.exc_info[1])


@contextlib.contextmanager
def _in_place_of_hardware(world, loop):
    """The board's modules see the world's clock, flash and network."""
    session = type("Session", (BoardSession,), {"network": world.network})
    session.sent = staticmethod(lambda data: world.board and world.board.sent(data))
    session.brought = staticmethod(world.brought)
    from sideboard import stored  # a client of another test may have forgotten the one before

    hashing = Variable.__hash__
    log = logging.getLogger("sideboard")
    before = clock.time, cpython.time, cloud.Session, log.level, log.propagate
    errors = _Errors(logging.ERROR)
    errors.world = world
    log.addHandler(errors)
    log.setLevel(logging.ERROR)
    log.propagate = False
    clock.time = cpython.time = world.clock
    cloud.Session = session
    for module in store, stored:
        module.os, module.open = world.flash, world.flash.open
    # Sets of variables have the same order each time.
    Variable.__hash__ = lambda variable: zlib.crc32(variable.name.encode())
    state = randomness.getstate()
    randomness.seed(world.config["seed"])
    try:
        yield
    finally:
        Variable.__hash__ = hashing
        randomness.setstate(state)
        for module in store, stored:
            module.os = os
            del module.open
        log.removeHandler(errors)
        clock.time, cpython.time, cloud.Session, log.level, log.propagate = before


def run(config, events, but=()):
    """The first Failure of a history, or None. but: kinds that are not looked for."""
    loop = Loop(config["seed"])
    world = World(config, events, loop, but)
    loop.set_exception_handler(
        lambda loop, context: world.raised(context["message"], context.get("exception"))
    )
    gc.disable()
    try:
        with _in_place_of_hardware(world, loop):
            loop.run_until_complete(world.run())
            loop.set_exception_handler(lambda loop, context: None)
            if world.board:
                world.board.stop()
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            if tasks:
                loop.run_until_complete(asyncio.wait(tasks))
    finally:
        loop.close()
        gc.enable()
    return world.failure


def shrink(config, events, kind, but=()):
    """The shortest history found that fails in the same way."""

    def fails(config, events):
        failure = run(config, events, but)
        return failure and failure.kind == kind

    size = len(events)
    while size:
        at = 0
        while at < len(events):
            fewer = events[:at] + events[at + size :]
            if fails(config, fewer):
                events = fewer
            else:
                at += size
        size //= 2
    for name in [*PLAIN, "variables"]:
        values = [PLAIN[name]] if name in PLAIN else _fewer(config[name])
        for value in values:
            simpler = {**config, name: value}
            if simpler != config and fails(simpler, events):
                config = simpler
                break
    return config, events


def _fewer(names):
    return [[name] for name in names] + [names[:at] + names[at + 1 :] for at in range(len(names))]


def explain(seed, but=()):
    """What fails in the history of this seed, and the least of it that still does, in lines."""
    config, events = draw(seed)
    failure = run(config, events, but)
    if not failure:
        return f"seed {seed} holds"
    config, events = shrink(config, events, failure.kind, but)
    shown = {name: value for name, value in config.items() if value != PLAIN.get(name)}
    lines = [f"seed {seed}: {failure}", f"in short: {run(config, events, but)}", f"    {shown}"]
    for time, *what in events:
        lines.append(f"    {time:8.3f} s  " + " ".join(map(str, what)))
    return "\n".join(lines)
