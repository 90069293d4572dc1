"""Looks for inputs that a target does not stand: those that take new branches are changed on."""

import asyncio
import gc
import importlib
import inspect
import logging
import os
import random
import selectors
import signal
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import branches
from mutations import mutated

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CORPUS = HERE / "corpus"
TARGETS = sorted(file.stem.removeprefix("fuzz_") for file in (HERE / "targets").glob("fuzz_*.py"))
LONGEST = 5  # seconds for one input: much more than a busy computer takes
_TURNS = 100000  # of the loop for one input, and seconds of its time
_LONGEST_WAIT = 60
_ROUND = 20000  # inputs, after which nothing more may be kept than before
_KEPT = 2000  # blocks of memory, which is what asyncio's and the target's own caches vary by


class Hang(KeyboardInterrupt):
    """An input takes too long. Passes asyncio, which keeps other exceptions to itself."""


class Growth(AssertionError):
    """Inputs leave memory behind."""


@contextmanager
def board_on_path():
    """The folders of the board's code, of what it needs, and of targets; a working directory of its own."""
    sys.path[:0] = [str(HERE / "targets"), str(ROOT / "device")]
    sys.path.append(str(ROOT / ".micropython"))
    place, home = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None, os.getcwd()
    with tempfile.TemporaryDirectory(dir=place) as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(home)


class _Instant(selectors.SelectSelector):
    """Nothing comes from elsewhere: where the loop would wait, its clock goes on instead."""

    now = turns = 0

    def select(self, timeout=None):
        self.turns += 1
        if timeout is None or self.turns > _TURNS or self.now > _LONGEST_WAIT:
            raise Hang(f"{self.turns} turns of the loop in {self.now} s of its time, and no end")
        self.now += timeout
        return []


class Target:
    """A parser, by name; `run(data)` raises what its check raises, and Hang."""

    def __init__(self, name):
        module = importlib.import_module("fuzz_" + name)
        self.seeds = [*module.SEEDS, *(file.read_bytes() for file in sorted((CORPUS / name).glob("*")))]
        self._check = module.check
        self._loop = None
        if inspect.iscoroutinefunction(module.check):
            self._clock = _Instant()
            self._loop = asyncio.SelectorEventLoop(self._clock)
            self._loop.time = lambda: self._clock.now

        def hang(*args):
            raise Hang(f"more than {LONGEST} s")

        signal.signal(signal.SIGALRM, hang)

    def run(self, data):
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        try:
            if self._loop:
                self._clock.now = self._clock.turns = 0
                self._loop.run_until_complete(self._check(data))
            else:
                self._check(data)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


class Explorer:
    """Runs a target with ever new inputs; `known` are those that took new branches."""

    def __init__(self, target, seed):
        self.inputs = 0
        self.known = []
        self._target = target
        self._seen = 0
        self._random = random.Random(seed)

    def try_input(self, data):
        self.inputs += 1
        branches.taken()
        self._target.run(data)
        taken = branches.taken()
        if taken & ~self._seen:
            self._seen |= taken
            self.known.append(data)

    def generated(self):
        """Endlessly: first the seeds, then what is made of those that are known."""
        yield from self._target.seeds
        words = sorted(branches.words)
        known = self.known
        while True:
            some = [
                known[-1 - int(len(known) * self._random.random() ** 2)] for _ in range(2)
            ]  # newer ones more
            yield mutated(self._random, min(some, key=len), known, words)

    def branches(self):
        return self._seen.bit_count()


def failure_of(target, data):
    """What an input makes a target raise, and where; None when it stands."""
    try:
        target.run(data)
    except (Exception, Hang) as error:
        place = error.__traceback__
        while place.tb_next:
            place = place.tb_next
        return type(error), place.tb_frame.f_code.co_filename, place.tb_lineno
    return None


def smaller(target, data, failure):
    """The input with all parts left out that the failure does not need."""
    size = len(data) // 2
    until = time.monotonic() + 10
    while size and time.monotonic() < until:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + size :]
            if failure[0] is not Hang and failure_of(target, shorter) == failure:
                data = shorter
            else:
                at += size
        size //= 2
    return data


def explore(name, seconds=None, inputs=None, seed=0, tried=None):
    """Tries inputs for a time, or so many. Returns (explorer, the input that failed or None, what it raised).

    tried: is called with each input.
    """
    logging.getLogger("asyncio").disabled = True
    logging.getLogger("sideboard").addHandler(logging.NullHandler())
    logging.getLogger("sideboard").propagate = False
    target = Target(name)
    explorer = Explorer(target, seed)
    ends = time.monotonic() + (seconds or 1e9)
    blocks = None
    for data in explorer.generated():
        if tried:
            tried(data)
        try:
            explorer.try_input(data)
            if explorer.inputs % _ROUND == 0:
                gc.collect()
                now = sys.getallocatedblocks() - len(explorer.known)
                if blocks and explorer.inputs > 3 * _ROUND and now - blocks > _KEPT:
                    raise Growth(f"{_ROUND} inputs left {now - blocks} blocks of memory behind")
                blocks = now
        except (Exception, Hang) as error:
            failure = failure_of(target, data)
            if failure:
                data = smaller(target, data, failure)
            return explorer, data, error
        if explorer.inputs == inputs or time.monotonic() > ends:
            return explorer, None, None
    raise AssertionError  # it never ends
