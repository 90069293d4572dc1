"""Prints the heap that importing modules takes, a line for each: `imports.py MODULE …`."""

import gc
import sys

names = sys.argv[1:]
gc.collect()
for name in names:
    before = gc.mem_alloc()
    getattr(sys.modules.get("sideboard"), "load", __import__)(name)  # as the client does
    gc.collect()
    print(name, gc.mem_alloc() - before)
