"""A client without a page whose cloud is not there, for tests of all that needs neither."""

import asyncio
import sys

from loopback import HOST, free_port, soon
from sideboard import ArduinoCloudClient


class Secrets:
    DASHBOARD = False


def unlinked(secrets=Secrets, **options):
    before = sys.modules.get("secrets")
    sys.modules["secrets"] = secrets
    try:
        return ArduinoCloudClient("device", password="key", server=HOST, port=free_port(), **options)
    finally:
        del sys.modules["secrets"]
        if before:
            sys.modules["secrets"] = before


async def run_until(client, *events):
    """Runs the client until the events are set."""
    running = asyncio.create_task(client.run(60, 1))
    try:
        for event in events:
            await soon(event.wait())
    finally:
        running.cancel()
        for task in client.tasks.values():
            task.cancel()
        await asyncio.sleep(0)


class Calls:
    """A callback that notes what it was called with, and sets `enough` once there were `count`."""

    def __init__(self, count=1, result=None, error=None):
        self.args = []
        self.enough = asyncio.Event()
        self._count = count
        self._result = result
        self._error = error

    def __call__(self, *args):
        self.args.append(args)
        if len(self.args) >= self._count:
            self.enough.set()
        if self._error:
            raise self._error
        return self._result

    async def later(self, *args):
        """The same as a coroutine."""
        await asyncio.sleep(0)
        return self(*args)
