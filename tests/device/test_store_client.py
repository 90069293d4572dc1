"""The client at its start: on_write runs with stored values, and what the cloud knows of them."""

import asyncio

from flash import ClientRun, Flash, Run, keep, on_write, writable
from observed import Log
from sideboard.cloud import CloudLink
from sideboard.composites import ColoredLight
from sideboard.variables import Registry, Variable


def noted(name, calls):
    return Variable(name, on_write=lambda client, value: calls.append((name, value)))


async def test_on_write_runs_once_with_the_stored_value():
    calls = []
    with Flash() as flash:
        await keep(flash, writable("level", value=7), writable("led", value=True), writable("typed", int))
        looks = flash.looks
        async with ClientRun(*(noted(name, calls) for name in ("level", "led", "typed", "new"))):
            await flash.looked(since=looks)
        assert calls == [("level", 7), ("led", True)]


async def test_on_write_that_is_a_coroutine_runs_once():
    calls = []

    async def on_level(client, value):
        await asyncio.sleep(0)
        calls.append(value)

    with Flash() as flash:
        await keep(flash, writable("level", value=7))
        looks = flash.looks
        async with ClientRun(Variable("level", on_write=on_level)):
            await flash.looked(since=looks)
        assert calls == [7]


async def test_on_write_of_a_composite_gets_its_parts():
    calls = []
    with Flash() as flash:
        await keep(flash, ColoredLight("light", on_write=on_write, swi=True, hue=120, sat=100, bri=50))
        light = ColoredLight("light", on_write=lambda client, light: calls.append((light.swi, light.hue)))
        async with ClientRun(light):
            assert calls == [(True, 120.0)]


async def test_on_write_that_raises_does_not_stop_the_start():
    calls = []

    def fail(client, value):
        raise RuntimeError("the relay is stuck")

    with Flash() as flash:
        await keep(flash, writable("level", value=7), writable("led", value=True))
        with Log() as log:
            looks = flash.looks
            async with ClientRun(Variable("level", on_write=fail), noted("led", calls)):
                await flash.looked(since=looks)
        assert calls == [("led", True)]
        assert "the relay is stuck" in "".join(log.texts)


async def test_variable_registered_later_runs_its_on_write():
    calls = []
    with Flash() as flash:
        await keep(flash, writable("late", value=7))
        async with ClientRun() as client:
            client.register(noted("late", calls))
            assert calls == [("late", 7)] and not client.registry.variables["late"].marked


async def test_only_what_the_cloud_did_not_acknowledge_is_marked():
    with Flash() as flash:
        async with Run(writable("told", value=1), writable("untold", value=2)) as registry:
            link = CloudLink(registry, {"device_id": b"board"}, None)
            for name in ("told", "untold"):
                registry.write(registry.variables[name], 3)
            link._take("told", 3, None, True)
            await flash.looked()
        async with ClientRun(writable("told"), writable("untold")) as client:
            assert not client.registry.variables["told"].marked and client.registry.variables["untold"].marked


async def test_what_on_write_sets_at_the_start_goes_to_the_cloud():
    def limit(client, value):
        client["level"] = 5
        client["other"] = 5

    with Flash() as flash:
        await keep(flash, writable("other", value=1), writable("level", value=9))
        async with ClientRun(Variable("level", on_write=limit), writable("other")) as client:
            assert client.registry.variables["level"].marked and client.registry.variables["other"].marked
            assert (client["level"], client["other"]) == (5, 5)


async def test_time_zone_outlives_a_power_cut():
    with Flash() as flash:
        async with ClientRun(writable("level", value=1)) as client:
            for name, value in (("tz_offset", 7200), ("tz_dst_until", 1798761600)):
                client._link._take(name, value, None, True)
            await flash.looked()
        async with ClientRun(writable("level")) as client:
            assert client.get("tz_offset", 0) == 7200 and client.get("tz_dst_until") == 1798761600
            client["level"] = 2
            await flash.looked()
        async with ClientRun() as client:
            assert client.get("tz_offset", 0) == 7200 and "tz_offset" not in client


async def test_time_zone_that_stays_is_not_written_again():
    with Flash() as flash:
        async with ClientRun(writable("level", value=1)) as client:
            client._link._take("tz_offset", 7200, None, True)
            await flash.looked()
        async with ClientRun(writable("level", value=1)) as client:
            client._link._take("tz_offset", 7200, None, True)
            await flash.looked()
        assert flash.renames == 1


def test_registry_without_a_store_keeps_nothing():
    registry = Registry()
    variable = registry.add(writable("level", value=1))
    CloudLink(registry, {"device_id": b"cloud"}, None)._take("level", 1, None, True)
    assert not variable.marked
