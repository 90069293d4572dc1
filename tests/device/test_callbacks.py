"""The fourth rule of variables.py: the value is stored, then on_write runs, then the peers are told."""

import asyncio

from observed import Log, told
from sideboard.composites import ColoredLight
from sideboard.tasks import guarded
from sideboard.variables import CLOUD, DASHBOARD, Peer, Registry, Variable


class Client:
    """Stands for the client: callbacks write through it."""

    def __init__(self):
        self.registry = Registry(self)

    def __setitem__(self, name, value):
        self.registry.write(self.registry.variables[name], value)

    def create_task(self, name, coro):
        self.task = asyncio.create_task(guarded(name, coro))


def client_with(*variables):
    client = Client()
    for variable in variables:
        client.registry.add(variable)
    return client


def test_callback_gets_client_and_value_from_dashboard_and_cloud():
    calls = []
    led = Variable("led", value=False, on_write=lambda client, value: calls.append((client, value)))
    client = client_with(led)
    client.registry.write(led, True, DASHBOARD)
    client.registry.write(led, False, CLOUD)
    assert calls == [(client, True), (client, False)]


def test_script_does_not_call_its_own_callback():
    calls = []
    led = Variable("led", value=False, on_write=lambda client, value: calls.append(value))
    client_with(led)["led"] = True
    assert calls == []


def test_refused_write_does_not_call_the_callback():
    calls = []
    led = Variable("led", value=False, on_write=lambda client, value: calls.append(value))
    registry = client_with(led).registry
    try:
        registry.write(led, 1, DASHBOARD)
    except TypeError:
        pass
    assert calls == []


def test_value_is_stored_before_and_peers_are_told_after_the_callback():
    seen = []
    led = Variable("led", value=False)
    led.on_write = lambda client, value: seen.append((led.value, set(peer.changed)))
    registry = client_with(led).registry
    peer = Peer(registry)
    registry.write(led, True, DASHBOARD)
    assert seen == [(True, set())]
    assert told(peer) == {led}


def test_composite_is_passed_with_its_parts():
    seen = []
    light = ColoredLight("light", swi=False, hue=0, sat=0, bri=0)
    light.on_write = lambda client, value: seen.append((value.swi, value.hue, value.bri))
    registry = client_with(light).registry
    registry.write(light, {"swi": True, "hue": 120}, DASHBOARD)
    assert seen == [(True, 120.0, 0.0)]


def copy_to_led(client, value):
    client["led"] = value


async def test_what_a_callback_sets_is_among_the_same_changes():
    led = Variable("led", value=False)
    switch = Variable("switch", value=False, on_write=copy_to_led)
    registry = client_with(switch, led).registry
    peer, sender = Peer(registry), Peer(registry)
    waiting = asyncio.create_task(peer.changes())
    await asyncio.sleep(0)
    registry.write(switch, True, DASHBOARD, sender)
    assert await waiting == {switch, led}
    assert told(sender) == {led}


def limit_to_100(client, value):
    if value > 100:
        client["speed"] = 100


def test_sender_is_told_when_the_callback_changes_its_value():
    speed = Variable("speed", value=0, on_write=limit_to_100)
    registry = client_with(speed).registry
    sender = Peer(registry)
    registry.write(speed, 50, DASHBOARD, sender)
    assert told(sender) == set()
    registry.write(speed, 500, DASHBOARD, sender)
    assert told(sender) == {speed} and speed.value == 100


def fail(client, value):
    raise RuntimeError("the relay is stuck")


def test_callback_that_raises_is_logged_and_its_value_stays():
    led = Variable("led", value=False, on_write=fail)
    registry = client_with(led).registry
    peer = Peer(registry)
    with Log() as log:
        registry.write(led, True, DASHBOARD)
    (text,) = log.texts
    assert text.startswith("on_write of led raised\nTraceback") and "the relay is stuck" in text
    assert led.value is True and told(peer) == {led}


class Worker:
    """An on_write coroutine that waits for `go` each time, and notes what it was called with."""

    def __init__(self):
        self.values = []
        self.running = 0
        self.most = 0
        self.go = asyncio.Event()
        self.done = asyncio.Event()

    async def on_write(self, client, value):
        self.values.append(value)
        self.running += 1
        self.most = max(self.most, self.running)
        await self.go.wait()
        self.running -= 1
        self.done.set()


async def turns(count=10):
    """Lets the other tasks run."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_callback_may_be_a_coroutine():
    worker = Worker()
    speed = Variable("speed", value=0, on_write=worker.on_write)
    registry = client_with(speed).registry
    peer = Peer(registry)
    registry.write(speed, 1, DASHBOARD)
    assert told(peer) == {speed}  # told at once, however long the callback takes
    worker.go.set()
    await asyncio.wait_for(worker.done.wait(), 5)
    assert worker.values == [1]


async def test_coroutine_runs_again_with_the_newest_value_and_never_twice_at_once():
    worker = Worker()
    speed = Variable("speed", value=0, on_write=worker.on_write)
    registry = client_with(speed).registry
    for value in range(1, 6):
        registry.write(speed, value, DASHBOARD)
        await turns(2)
    worker.go.set()
    await turns()
    assert worker.values == [1, 5] and worker.most == 1 and worker.running == 0


async def test_coroutine_that_raises_is_logged_and_runs_again():
    calls = []

    async def fail_later(client, value):
        calls.append(value)
        await asyncio.sleep(0)
        raise RuntimeError("the relay is stuck")

    led = Variable("led", value=False, on_write=fail_later)
    registry = client_with(led).registry
    with Log() as log:
        for value in (True, False):
            registry.write(led, value, DASHBOARD)
            await turns()
    assert calls == [True, False]
    assert len(log.texts) == 2 and "the relay is stuck" in log.texts[0] and led.value is False


async def test_coroutine_whose_work_was_cancelled_runs_again():
    calls = []

    async def work():
        await asyncio.sleep(60)

    async def wait_for_cancelled(client, value):
        calls.append(value)
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        await task

    led = Variable("led", value=False, on_write=wait_for_cancelled)
    registry = client_with(led).registry
    for value in (True, False):
        registry.write(led, value, DASHBOARD)
        await turns()
    assert calls == [True, False]


# restart=True


class Pump:
    """A pump that an on_write switches off after a while, which is over when `over` is set."""

    def __init__(self, **options):
        self.states = []
        self.running = self.most = 0
        self.over = asyncio.Event()
        self.variable = Variable("pump", value=False, on_write=self.on_write, **options)
        self.registry = client_with(self.variable).registry

    async def on_write(self, client, value):
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.work(value)
        finally:
            self.running -= 1

    async def work(self, value):
        self.states.append(value)
        if value:
            await self.over.wait()
            self.states.append("over")

    async def turn(self, value):
        self.registry.write(self.variable, value, DASHBOARD)
        await turns()


async def test_newer_value_waits_until_the_coroutine_is_done():
    pump = Pump()
    for value in (True, True, False):
        await pump.turn(value)
    assert pump.states == [True]
    pump.over.set()
    await turns()
    assert pump.states == [True, "over", False] and pump.most == 1


async def test_newer_value_restarts_the_coroutine_where_that_is_asked_for():
    pump = Pump(restart=True)
    for value in (True, True, False, True):
        await pump.turn(value)
    assert pump.states == [True, True, False, True]
    pump.over.set()
    await turns()
    assert pump.states == [True, True, False, True, "over"] and pump.most == 1 and not pump.running


async def test_newer_value_that_comes_before_the_coroutine_begins_takes_its_place():
    pump = Pump(restart=True)
    for value in (True, False, True):
        pump.registry.write(pump.variable, value, DASHBOARD)
    await turns()
    assert pump.states == [True] and pump.running == 1


async def test_coroutine_that_does_not_end_when_it_is_to_restart_is_waited_for():
    class Deaf(Pump):
        async def work(self, value):
            try:
                await super().work(value)
            except asyncio.CancelledError:
                self.states.append("deaf")
                await super().work(value)

    pump = Deaf(restart=True)
    for value in (True, False):
        await pump.turn(value)
    assert pump.states == [True, "deaf", True]
    pump.over.set()
    await turns(20)
    assert pump.states == [True, "deaf", True, "over", False] and pump.most == 1
    await pump.turn(True)
    assert pump.states[5:] == [True, "over"]


async def test_coroutine_that_cleans_up_does_so_before_it_restarts():
    class Clean(Pump):
        async def work(self, value):
            try:
                await super().work(value)
            finally:
                await asyncio.sleep(0)
                self.states.append("clean")

    pump = Clean(restart=True)
    for value in (True, False):
        await pump.turn(value)
    assert pump.states == [True, "clean", False, "clean"]


async def test_end_of_the_client_ends_a_coroutine_that_may_restart():
    pump = Pump(restart=True)
    await pump.turn(True)
    pump.registry.client.task.cancel()
    await turns()
    assert pump.states == [True] and not pump.running
    await pump.turn(False)
    assert pump.states == [True, False]


async def test_newest_value_is_not_lost_when_the_coroutine_before_raises():
    calls = []

    async def fail_later(client, value):
        calls.append(value)
        await asyncio.sleep(0)
        raise RuntimeError("the relay is stuck")

    speed = Variable("speed", value=0, on_write=fail_later)
    registry = client_with(speed).registry
    with Log() as log:
        registry.write(speed, 1, DASHBOARD)
        await asyncio.sleep(0)
        registry.write(speed, 2, DASHBOARD)
        await turns()
    assert calls == [1, 2] and len(log.texts) == 2
