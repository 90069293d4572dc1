"""When the store writes to the flash: seldom, for it wears out."""

import asyncio

from flash import ClientRun, Flash, Run, keep, on_write, until, writable
from sideboard import store
from sideboard.cloud import CloudLink
from sideboard.compat import ticks_diff, ticks_ms
from sideboard.composites import ColoredLight
from sideboard.variables import DASHBOARD, Variable


async def test_burst_is_one_write():
    with Flash() as flash:
        async with Run(writable("level", value=0), writable("name", value="")) as registry:
            for number in range(20):
                registry.write(registry.variables["level"], number)
                registry.write(registry.variables["name"], "n%d" % number, DASHBOARD)
                await asyncio.sleep(0)
            await flash.looked()
            assert flash.renames == 1
            assert [entry[1] for _, entry in sorted(flash.kept().items())] == [19, "n19"]


async def test_last_change_is_written_a_while_later():
    with Flash() as flash:
        store._QUIET = 0.2
        async with Run(writable("level", value=0)) as registry:
            began = ticks_ms()
            for number in range(3):
                registry.write(registry.variables["level"], number)
                await asyncio.sleep(0.1)
            await flash.looked()
            assert 390 < ticks_diff(ticks_ms(), began) < 800


async def test_changes_that_go_on_are_written_meanwhile():
    with Flash() as flash:
        async with Run(writable("level", value=0)) as registry:
            number = 0
            while flash.renames < 3:
                number += 1
                registry.write(registry.variables["level"], number)
                await asyncio.sleep(0.002)
                assert number < 1000
            assert number > 20  # but not at each change


async def test_change_that_comes_while_waiting_is_written_too():
    with Flash() as flash:
        async with Run(writable("level", value=0)) as registry:
            for number in range(1, 4):
                await flash.looked()
                registry.write(registry.variables["level"], number)
            await until(lambda: flash.kept()["level"][1] == 3)


async def test_readings_are_never_written():
    with Flash() as flash:
        async with Run(Variable("heat", value=0.5), writable("level", value=0)) as registry:
            await flash.looked()
            for number in range(200):
                registry.write(registry.variables["heat"], number + 0.5)
                await asyncio.sleep(0.001)
            assert flash.looks == 1
            registry.write(registry.variables["level"], 1)
            await flash.looked()
            assert flash.renames == 2


async def test_readings_of_a_writable_variable_neither_cause_nor_delay_a_write():
    readings = []

    def read(client):
        readings.append(len(readings) + 0.5)
        return readings[-1]

    with Flash() as flash:
        target = Variable("target", on_read=read, on_write=on_write, interval=0.001)
        looks = flash.looks
        async with ClientRun(target, writable("level", value=0)) as client:
            await flash.looked(since=looks)
            began = len(readings)
            await until(lambda: len(readings) > began + 300)
            assert flash.looks == 1
            client["level"] = 1
            await flash.looked()
            assert flash.renames == 2


async def test_restart_without_a_change_writes_nothing():
    def variables():
        light = ColoredLight("light", on_write=on_write, swi=True, hue=1.1, sat=2.2, bri=3.3)
        return light, writable("level", value=0.1), Variable("heat", value=20.5)

    with Flash() as flash:
        await keep(flash, *variables())
        await keep(flash, *variables())
        assert (flash.renames, flash.looks) == (1, 2)


async def test_acknowledgement_that_comes_soon_is_in_the_same_write():
    with Flash() as flash:
        async with Run(writable("level", value=0)) as registry:
            link = CloudLink(registry, {"device_id": b"board"}, None)
            registry.write(registry.variables["level"], 1, DASHBOARD)
            assert registry.variables["level"].marked
            link._take("level", 1, None, True)
            await flash.looked()
            assert (flash.renames, flash.kept()["level"][1], flash.kept()["level"][3]) == (1, 1, False)
