"""The board: the real registry, variables, link, store and pages, and a script that uses them."""

import asyncio
import json

from sideboard import cloud
from sideboard.composites import Color, ColoredLight
from sideboard.page import Page
from sideboard.store import Store
from sideboard.variables import CLOUD, DASHBOARD, Registry, Variable

from tests.simulation.far_end import message, packets
from tests.simulation.model import STORED_AFTER, Failure, key_of, short

SETTINGS = {
    "server": "127.0.0.1", "port": 1, "keepalive": 10, "device_id": b"device", "username": b"device",
    "password": b"key", "hostname": "broker", "certificate": False,
}  # fmt: skip
_NO_LAYOUT = "/nonexistent/dashboard.json"
WORDS = tuple(f"word{number}" for number in range(10))  # of which eight are more than a message holds
LIGHTS = ("light", "color")
READ_ONLY = ("follower", "reading")


def value_for(name, number):
    """The value that the write of this number brings: another one for each, but for the flag."""
    if name == "flag":
        return number % 2 == 1
    if name == "light":
        return {"swi": number % 2 == 1, "hue": number / 100, "sat": number % 100 + 0.5, "bri": 50.0}
    if name == "color":
        return {"hue": number / 100, "sat": 1.0, "bri": number % 100 + 0.5}
    if name in ("level", "turned"):
        return number + 0.5
    if name == "text":
        return f"text {number}"
    if name in WORDS:
        return f"{number} {name}".ljust(600, ".")
    return number


class SimulatedRegistry(Registry):
    """Tells the model of each write, in the order in which they become true."""

    def __init__(self, board):
        super().__init__(board)
        self.board = board

    def write(self, variable, value, source=0, sender=None, reading=False, last=False):
        board = self.board
        if not board.follows or source and not variable.on_write and variable.initialized and not last:
            return super().write(variable, value, source, sender, reading, last)
        whole = {**variable.value, **value} if isinstance(value, dict) else value
        if isinstance(whole, dict) and None in whole.values():
            pass  # not a value yet: no cloud can have it, and it is not sent
        elif source == CLOUD:
            board.world.model.arrived("board", variable.name, whole, board.world.brings.get(variable.name))
        elif source == DASHBOARD or variable.value != whole:  # NaN is another NaN
            board.world.model.wrote("board", variable.name, whole, "page" if source else "script")
        board.changed(variable)
        return super().write(variable, value, source, sender, reading, last)


class SimulatedStore(Store):
    """Remembers which writes the values are that it stores."""

    def _picture(self):
        picture = list(super()._picture())
        self._registry.board.world.pictured(dict(picture))
        return picture


class Board:
    """One run of the board, from its start until it stops.

    `follows`: whether the model is told: not of what the board is given before it runs, and not of the dead.
    """

    def __init__(self, world, cut=None):
        self.world = world
        self.follows = False
        self.tasks = []
        self.pages = []
        self.called = {}  # name: the key of what on_write was called with last
        self.registry = registry = SimulatedRegistry(self)
        self._store = SimulatedStore(registry)
        link = cloud.CloudLink(registry, SETTINGS, self._prepare, "async", world.config["sync"])
        for name in world.config["variables"]:
            registry.add(self._variable(name))
        self.follows = True
        for name, variable in registry.variables.items():
            value = variable.value if variable.initialized else None
            world.model.started(name, value, variable.on_write is not None, cut, world.kept.get(name, []))
        while registry.restored:
            registry.call(registry.restored.pop(0))
        self._start(self._store.run())
        self._start(link.run(1.0, 1.2))
        if "reading" in registry.variables:
            self._start(self._read())

    # What the script does.

    def __getitem__(self, name):
        return self.registry.variables[name].item()

    def __setitem__(self, name, value):
        self.registry.write(self.registry.variables[name], value)

    def get(self, name, default=None):
        return default

    def create_task(self, name, coroutine):
        self._start(coroutine)

    def _variable(self, name):
        config = self.world.config
        options = {"sync": config["syncs"].get(name)}
        if name in config["preset"]:
            options["value"] = value_for(name, -1)
        if name not in READ_ONLY:
            options["on_write"] = getattr(self, "_on_" + name, self._on_write)(name)
        if name in LIGHTS:
            return {"light": ColoredLight, "color": Color}[name](name, **options)
        kinds = {"flag": bool, "level": float, "turned": float, "text": str}
        return Variable(name, str if name in WORDS else kinds.get(name, int), **options)

    def _on_write(self, name):
        return lambda client, value: self._called(name, value)

    def _on_turned(self, name):
        """Makes another value of what it gets: turns its sign, once."""

        def turn(client, value):
            self._called(name, value)
            if value > 0:
                client[name] = -value

        return turn

    def _on_leader(self, name):
        def lead(client, value):
            self._called(name, value)
            client["follower"] = value

        return lead

    def _on_slow(self, name):
        async def take_long(client, value):
            self._called(name, value)
            await asyncio.sleep(self.world.config["slow"])

        return take_long

    def _called(self, name, value):
        if not self.follows:
            return
        value = dict(value.value) if isinstance(value, Variable) else value
        if isinstance(value, dict) and None in value.values():
            return
        self.called[name] = key_of(value)
        if all(write.key != key_of(value) for write in self.world.model.writes[name]):
            raise Failure("callback", f"on_write of {name} got {short(value)}, which nobody wrote")

    async def _read(self):
        variable = self.registry.variables["reading"]
        while not self.world.quiet:
            self.world.readings += 1
            self.registry.write(variable, self.world.readings, reading=True)
            await asyncio.sleep(1)

    # What is around it.

    async def _prepare(self):
        return self.world.config["tls"]

    def changed(self, variable):
        """A change of a writable variable is stored in time, whatever else changes."""
        if variable.on_write:
            self.world.loop.call_later(STORED_AFTER, self._check_stored, variable, self.world.loop.now)

    def _check_stored(self, variable, since):
        changed = self.world.model.changed.get(variable.name, 0)
        if not self.follows or changed > since or not variable.initialized:
            return
        kept = self.world.stored().get(variable.name)
        if self.world.model.was_full(since, self.world.loop.now):
            return
        if not kept or kept[1] != variable.json():
            what = f"{variable.name} = {short(variable.value)} of {since:.2f} s"
            self.world.fail(
                Failure("stored late", f"{what} is not in the file at {self.world.loop.now:.2f} s")
            )

    def sent(self, data):
        """Bytes go to the broker."""
        if not self.follows:
            return
        for first, content in packets(bytearray(data)):
            if first >> 4 == 3:
                topic, number, payload = message(content)
                self.world.published(topic, number, payload)
            elif first >> 4 == 8:
                self.world.thing.subscribing(content[4:-1])

    def _start(self, coroutine):
        task = self.world.loop.create_task(coroutine)
        task.add_done_callback(self.ended)
        self.tasks.append(task)

    def ended(self, task):
        error = None if task.cancelled() else task.exception()
        if error and self.follows:
            self.world.raised("a task of the board", error)

    def open_page(self, number):
        self.pages.append(Browser(self, number))

    def page(self, number):
        return next((page for page in self.pages if page.number == number), None)

    def stop(self):
        """Power is gone, or the processor is reset: nobody is told."""
        self.follows = False
        if self.world.network.line:
            self.world.network.line.vanish()
        for page in self.pages[:]:
            page.leave()
        for task in self.tasks:
            task.cancel()


class Browser:
    """A page in a browser, as web/variable.js has it: one write of a variable is under way at a time."""

    def __init__(self, board, number):
        self._board = board
        self._loop = board.world.loop
        self._latency = board.world.config["latency"]
        self.number = number
        self.shown = {}
        self._sent, self._next, self._answers = {}, {}, {}
        self._count = 0
        self._texts = asyncio.Queue()
        self._page = Page(board.registry, _NO_LAYOUT, self, {})
        self._tasks = [
            self._loop.create_task(coroutine)
            for coroutine in (self._page.send_changes(), self._page.take_writes())
        ]
        for task in self._tasks:
            task.add_done_callback(board.ended)

    def leave(self):
        self._board.pages.remove(self)
        self._board.registry.peers.remove(self._page)
        for task in self._tasks:
            task.cancel()

    # The board's end of the WebSocket.

    async def send(self, *texts):
        texts = ["".join(text) for text in texts]  # or their pieces
        await asyncio.sleep(self._latency)
        for text in texts:
            if text[0] != "L":
                self._hear(json.loads(text))

    def receive(self):
        return self._texts.get()

    # The person's.

    def write(self, name, value):
        self._next[name] = value
        self._send(name)

    def _send(self, name):
        if name in self._next and name not in self._sent:
            value = self._sent[name] = self._next.pop(name)
            self._count += 1
            self._answers[self._count] = name
            text = json.dumps({"id": self._count, "name": name, "value": value})
            self._loop.call_later(self._latency, self._texts.put_nowait, text)

    def _hear(self, said):
        name = self._answers.pop(said.get("id"), None)
        if name:
            if "error" in said:
                self._board.world.fail(Failure("refused", f"{name}: {said['error']}"))
            sent = self._sent.pop(name)
            self.shown[name] = {**self.shown[name], **sent} if isinstance(sent, dict) else sent
            self._send(name)
        for variable in said.get("variables", ()):
            self.shown[variable["name"]] = variable["value"]
