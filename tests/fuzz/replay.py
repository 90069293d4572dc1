"""Runs in MicroPython what the CPython side recorded: `micropython replay.py TARGET FILE FOLDER`.

Prints `held`, how many inputs that were, and how many bytes the last two thirds of them left on the heap.
"""

import asyncio
import gc
import logging
import os
import sys

logging.getLogger("sideboard").setLevel(100)


def inputs(name):
    with open(name, "rb") as file:
        while True:
            size = file.read(4)
            if not size:
                return
            yield file.read(int.from_bytes(size, "big"))


async def replay(check, name):
    count = sum(1 for _ in inputs(name))
    at = before = 0
    for data in inputs(name):
        if at == count // 3:
            gc.collect()
            before = gc.mem_alloc()
        try:
            result = check(data)
            if hasattr(result, "send"):
                await result
        except Exception as error:
            print("FOUND: %r" % data)
            sys.print_exception(error, sys.stdout)
            return
        at += 1
    data = result = None
    gc.collect()
    print("held", at, gc.mem_alloc() - before)


def main(target, name, folder):
    check = __import__("fuzz_" + target).check
    os.chdir(folder)
    asyncio.run(replay(check, name))


main(*sys.argv[1:])
