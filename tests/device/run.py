"""Runs one test module in MicroPython: `micropython tests/device/run.py test_senml`.

Prints `PASS name` for each test, or `FAIL name` followed by the traceback.
"""

import asyncio
import gc
import sys


def run(test):
    """Calls the test; a coroutine gets an event loop of its own."""
    result = test()
    if hasattr(result, "send"):
        asyncio.new_event_loop()
        asyncio.run(result)


def main(module_name):
    module = __import__(module_name)
    for name in sorted(dir(module)):
        test = getattr(module, name)
        if not (name.startswith("test_") and callable(test)):
            continue
        gc.collect()
        try:
            run(test)
            print("PASS", name)
        except Exception as error:
            print("FAIL", name)
            sys.print_exception(error, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
