"""A time that only passes when nothing is left to do: an event loop, clocks and a flash without hardware."""

import asyncio
import heapq
import os
from random import Random

START = 1_800_000_000  # Unix time when a history begins


class _Handle:
    """What is to be called; of asyncio's own it has what is used here, and it is made faster."""

    __slots__ = "call", "args"

    def __init__(self, call, args):
        self.call, self.args = call, args

    def cancel(self):
        self.call = None


class Loop(asyncio.BaseEventLoop):
    """Runs what is ready, and then jumps to the next timer. Its time is in seconds from 0."""

    now = 0.0

    def __init__(self, seed):
        super().__init__()
        self._any = Random(seed).random  # of two timers of the same time, either may be the first

    def time(self):
        return self.now

    def call_soon(self, call, *args, context=None):
        handle = _Handle(call, args)
        self._ready.append(handle)
        return handle

    def call_later(self, delay, call, *args, context=None):
        return self.call_at(self.now + delay, call, *args)

    def call_at(self, when, call, *args, context=None):
        handle = _Handle(call, args)
        heapq.heappush(self._scheduled, (when, self._any(), handle))
        return handle

    def _run_once(self):
        ready, scheduled = self._ready, self._scheduled
        while not ready:
            when, _, handle = heapq.heappop(scheduled)
            if handle.call:
                self.now = max(self.now, when)
                ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if handle.call:
                try:
                    handle.call(*handle.args)
                except Exception as error:
                    self.call_exception_handler({"message": "a call of the loop", "exception": error})

    def _write_to_self(self):
        pass


class Clock:
    """Stands where the board's modules have `time`.

    kind: "right", "whole" (right, in whole seconds), "unset", or "off" by so many seconds: `offset`.
    It may be set anew: then it is right.
    """

    def __init__(self, loop, kind, offset):
        self.loop = loop
        self.kind = kind
        self.offset = offset

    def time(self):
        if self.kind == "unset":
            return 1000 + self.loop.now
        seconds = START + self.loop.now + (self.offset if self.kind == "off" else 0)
        return int(seconds) if self.kind == "whole" else seconds

    def set(self):
        self.kind, self.offset = "right", 0

    def monotonic_ns(self):
        return int(self.loop.now * 1e9)


class Flash:
    """The board's files: stands where the store has `os` and open().

    fail_after: so many letters later power fails; then `failed` is called, and nothing is written any more.
    stored: is called when a file is written whole.
    full: nothing that is written fits any more.
    """

    fail_after = None
    off = full = False

    def __init__(self, failed, stored):
        self.files = {}
        self.version = 0
        self._failed = failed
        self.stored = stored

    def open(self, name, mode="r"):
        if mode == "w":
            if not self.off:
                self.files[name] = ""
        elif name not in self.files:
            raise OSError(2)
        return _File(self, name)

    def rename(self, old, new):
        if self.fail_after is not None:
            self._fail()
        if not self.off:
            self.files[new] = self.files.pop(old)
            self.version += 1

    remove = staticmethod(os.remove)

    def write(self, name, text):
        if self.off:
            return
        if self.full:
            self.files[name] += text[: len(text) // 2]
            raise OSError(28, "no space left")
        if self.fail_after is not None:
            self.fail_after -= len(text)
            if self.fail_after < 0:
                text = text[: self.fail_after]
                self._fail()
        self.files[name] += text

    def _fail(self):
        self.off = True
        self.fail_after = None
        self._failed()


class _File:
    _wrote = False

    def __init__(self, flash, name):
        self._flash = flash
        self._name = name
        self._at = 0

    def read(self, size=None):
        text = self._flash.files[self._name][self._at :][:size]
        self._at += len(text)
        return text

    def write(self, text):
        self._wrote = True
        self._flash.write(self._name, text)

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        if self._wrote and not error and not self._flash.off:
            self._flash.stored()
