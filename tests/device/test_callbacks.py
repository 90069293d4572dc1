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
