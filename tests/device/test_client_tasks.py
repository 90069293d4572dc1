"""What the client runs: on_read, on_run, Task objects and tasks of the script's own."""

import asyncio

from observed import Log, error_of
from sideboard import Task
from sideboard import client as client_module
from sideboard.variables import Peer
from unlinked import Calls, run_until, unlinked


class Waits:
    """Within `with Waits() as waits:` nobody waits long, and `waits.ms` are the waits asked for."""

    def __enter__(self):
        self.ms = []
        self._normal = client_module.sleep_ms
        client_module.sleep_ms = self._wait
        return self

    def __exit__(self, *error):
        client_module.sleep_ms = self._normal

    async def _wait(self, ms):
        self.ms.append(ms)
        await self._normal(1)


# on_read


async def test_on_read_gives_the_first_value_at_registration_and_another_each_interval():
    client = unlinked()
    read = Calls(3)
    values = iter(range(100))
    client.register("count", on_read=lambda client: read(client) or next(values), interval=0.01)
    assert client["count"] == 0 and read.args == [(client,)]
    await run_until(client, read.enough)
    assert client["count"] >= 1


async def test_value_given_at_registration_comes_before_on_read():
    client = unlinked()
    read = Calls(result=2)
    client.register("count", value=1, on_read=read, interval=0.01)
    assert client["count"] == 1 and read.args == []
    await run_until(client, read.enough)
    assert client["count"] == 2


async def test_on_read_may_be_a_coroutine():
    client = unlinked()
    read = Calls(2, result=21.5)
    client.register("temperature", on_read=read.later, interval=0.01)
    assert client["temperature"] is None
    await run_until(client, read.enough)
    assert client["temperature"] == 21.5


async def test_none_from_on_read_changes_nothing():
    client = unlinked()
    read = Calls(3)
    client.register("count", value=1, on_read=read, interval=0.01)
    with Log() as log:
        await run_until(client, read.enough)
    assert client["count"] == 1 and "raised" not in "".join(log.texts)


async def test_on_read_that_raises_or_gives_another_type_is_logged_and_goes_on():
    client = unlinked()
    broken, wrong = Calls(3, error=RuntimeError("no sensor")), Calls(3, result="warm")
    client.register("broken", value=1, on_read=broken, interval=0.01)
    client.register("wrong", value=1, on_read=wrong, interval=0.01)
    with Log() as log:
        await run_until(client, broken.enough, wrong.enough)
    assert client["broken"] == client["wrong"] == 1
    text = "\n".join(log.texts)
    assert "broken raised" in text and "no sensor" in text and "wrong takes int, not string" in text


# on_run and Task


async def test_task_gets_client_and_args_and_is_no_variable():
    client = unlinked()
    run, later = Calls(2), Calls(2)
    client.register(Task("plain", on_run=run, interval=0.01, args=(1, "two")))
    client.register("coroutine", on_run=later.later, interval=0.01)
    await run_until(client, run.enough, later.enough)
    assert run.args[:2] == [(client, (1, "two"))] * 2 and later.args[:2] == [(client, None)] * 2
    assert list(client.registry.variables) == []


async def test_task_without_args_need_not_take_them():
    client = unlinked()
    runs, later = asyncio.Event(), asyncio.Event()

    async def on_later(client):
        await asyncio.sleep(0)
        later.set()

    client.register(Task("plain", on_run=lambda client: runs.set(), interval=0.01))
    client.register(Task("coroutine", on_run=on_later, interval=0.01))
    with Log() as log:
        await run_until(client, runs, later)
    assert "raised" not in "".join(log.texts)


async def test_interval_and_backoff():
    client = unlinked()
    run = Calls(8)
    client.register("slower", on_run=run, interval=0.25, backoff=2)
    with Waits() as waits:
        await run_until(client, run.enough)
    assert waits.ms[:7] == [250, 500, 1000, 2000, 4000, 5000, 5000]


async def test_interval_without_backoff_stays_and_may_be_long():
    client = unlinked()
    run = Calls(3)
    client.register("slow", on_run=run, interval=60)
    with Waits() as waits:
        await run_until(client, run.enough)
    assert waits.ms[:2] == [60000, 60000]


async def test_interval_may_be_changed_meanwhile():
    client = unlinked()
    task = Task("some", interval=1)
    run = Calls(3)

    def on_run(client, args):
        run()
        task.interval = 2

    task.on_run = on_run
    client.register(task)
    with Waits() as waits:
        await run_until(client, run.enough)
    assert waits.ms[:2] == [2000, 2000]


async def test_task_that_raises_is_logged_and_it_and_the_others_go_on():
    client = unlinked()
    broken, sound = Calls(3, error=RuntimeError("no luck")), Calls(3)
    client.register(Task("broken", on_run=broken, interval=0.01))
    client.register(Task("sound", on_run=sound, interval=0.01))
    with Log() as log:
        await run_until(client, broken.enough, sound.enough)
    assert "broken raised\nTraceback" in "\n".join(log.texts) and "no luck" in "\n".join(log.texts)


async def test_registered_while_running():
    client = unlinked()
    run = Calls(2)
    client.create_task("late", lambda: register_late(client, run))
    await run_until(client, run.enough)
    assert run.args[0] == (client, "args")


async def register_late(client, run):
    client.register(Task("later", on_run=run, interval=0.01, args="args"))


# create_task


async def test_create_task_before_the_start_and_while_running():
    client = unlinked()
    first, second, third = Calls(), Calls(), Calls()

    async def outer(*args):
        first(*args)
        client.create_task("second", second.later, 2)
        client.create_task("third", third.later(3))

    client.create_task("first", outer, 0, 1)
    assert "first" in client.tasks and first.args == []
    await run_until(client, third.enough)
    assert (first.args, second.args, third.args) == ([(0, 1)], [(2,)], [(3,)])
    assert {"first", "second", "third"} <= set(client.tasks)


async def test_created_task_that_raises_is_logged_and_the_others_go_on():
    client = unlinked()
    broken, sound = Calls(error=RuntimeError("no luck")), Calls()
    client.create_task("broken", broken.later)
    client.create_task("sound", sound.later)
    with Log() as log:
        await run_until(client, sound.enough)
    assert "task broken raised\nTraceback" in log.texts[0]


def test_sync_mode_runs_tasks_in_update():
    client = unlinked(sync_mode=True)
    before, after, registered = Calls(), Calls(), Calls()

    async def pose_as_connected():
        peer = Peer(client.registry)
        while client.registry.status.get("cloud") != "offline":
            await peer.changes()
        client.registry.set_status(cloud="connected")

    client.create_task("cloud posed", pose_as_connected)
    client.create_task("before", before.later)
    client.start(60)
    client.create_task("after", after.later)
    client.register(Task("registered", on_run=registered, interval=0.01))
    for _ in range(50):
        client.update()
        if after.args and registered.args:
            break
    for task in client.tasks.values():
        task.cancel()
    client.update()
    assert (before.args, after.args, registered.args[0]) == ([()], [()], (client, None))


def test_update_belongs_to_sync_mode():
    assert "sync_mode" in error_of(RuntimeError, unlinked().update)
