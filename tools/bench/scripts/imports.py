"""Prints the heap that importing modules takes, a line for each: `imports.py MODULE …`."""

import gc
import sys

names = sys.argv[1:]
gc.collect()
for name in names:
    before = gc.mem_alloc()
    __import__(name)
    gc.collect()
    print(name, gc.mem_alloc() - before)
