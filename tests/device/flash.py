"""A board's file system in a folder of its own, and the board's runs from power cut to power cut."""

import asyncio
import json
import os

from sideboard import store
from sideboard.store import Store
from sideboard.variables import Registry, Variable
from unlinked import unlinked

FILE, NEW, BROKEN = "sideboard.json", "sideboard.new", "sideboard.broken"
_NO_SPACE = 28


def on_write(client, value):
    pass


def writable(name, type=None, value=None):
    return Variable(name, type, value, on_write=on_write)


class Full:
    """A file on a flash without space: it takes the first letters and no more."""

    def __init__(self, file):
        self._file = file
        self._left = 10

    def write(self, text):
        written = self._file.write(text[: self._left])
        self._left -= len(text)
        if self._left < 0:
            raise OSError(_NO_SPACE)
        return written

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()


class Flash:
    """Within `with Flash() as flash:`, the working directory; the store writes quickly.

    renames: how often a file got another name, which is how the store ends a write;
    looks: how often it looked whether there is something to write;
    read_only, full: what is wrong with the file system.
    """

    def __init__(self):
        self.renames = self.looks = 0
        self.read_only = self.full = False
        self._folder = "/tmp/sideboard-flash-%s" % int.from_bytes(os.urandom(6), "big")

    def __enter__(self):
        self._home, self._quiet, self._write = os.getcwd(), store._QUIET, store._write
        os.mkdir(self._folder)
        os.chdir(self._folder)
        from sideboard import stored  # which a client may have forgotten

        self._modules = store, stored
        for module in self._modules:
            module.os = self
            module.open = self._open
        store._QUIET = 0.02
        store._write = self._look
        return self

    def __exit__(self, *error):
        for module in self._modules:
            module.os = os
            del module.open
        store._QUIET, store._write = self._quiet, self._write
        for name in os.listdir("."):
            os.remove(name)
        os.chdir(self._home)
        os.rmdir(self._folder)

    def rename(self, old, new):
        if self.read_only:
            raise OSError(30)
        os.rename(old, new)
        self.renames += 1

    def _open(self, name, mode="r"):
        if mode == "w" and self.read_only:
            raise OSError(30)
        file = open(name, mode)
        return Full(file) if mode == "w" and self.full else file

    def _look(self, picture):
        try:
            self._write(picture)
        finally:
            self.looks += 1

    def files(self):
        return sorted(os.listdir("."))

    def text(self, name=FILE):
        with open(name) as file:
            return file.read()

    def put(self, text, name=FILE):
        with open(name, "w") as file:
            file.write(text)

    def kept(self):
        return json.loads(self.text())

    async def looked(self, times=1, since=None):
        """Waits until the store looked as often, from now on, or since it had looked so often."""
        end = (self.looks if since is None else since) + times
        await until(lambda: self.looks >= end)


async def until(condition):
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen within 30 s")


class Run:
    """A run of the board up to the power cut: `async with Run(variable, …) as registry:`."""

    def __init__(self, *variables):
        self._variables = variables

    def begin(self):
        """The registry, before anything runs."""
        registry = Registry()
        self._store = Store(registry)
        for variable in self._variables:
            registry.add(variable)
        return registry

    async def __aenter__(self):
        registry = self.begin()
        self._task = asyncio.create_task(self._store.run())
        return registry

    async def __aexit__(self, *error):
        self._task.cancel()


async def keep(flash, *variables):
    """A run that ends when the variables are stored."""
    async with Run(*variables):
        await flash.looked()


async def after_restart(flash, before, after):
    """Lets a run with the first variable end when it is stored; returns the second as the next run has it."""
    await keep(flash, before)
    async with Run(after):
        return after


class ClientRun:
    """A run of the whole client, offline: `async with ClientRun(variable, …) as client:`."""

    def __init__(self, *variables):
        self.client = unlinked()
        for variable in variables:
            self.client.register(variable)

    async def __aenter__(self):
        self._run = asyncio.create_task(self.client.run(60, 1))
        for _ in range(2):  # it begins, and so do its tasks
            await asyncio.sleep(0)
        return self.client

    async def __aexit__(self, *error):
        self._run.cancel()
        for task in self.client.tasks.values():
            task.cancel()
        await asyncio.sleep(0)
