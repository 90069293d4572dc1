"""Prints how long a collection stops everything, in microseconds, when the heap is full of live variables."""

import gc
from time import ticks_diff, ticks_us

from sideboard import Variable

last, count = None, 0
gc.collect()
while gc.mem_free() > 16384:
    count += 1
    before = last
    last = Variable(
        "v%d" % count, value=count, on_write=print, min=0, max=99999, unit="lx", title="a", args=last
    )
    if count % 16 == 0:
        gc.collect()
longest = 0
for _ in range(20):
    began = ticks_us()
    gc.collect()
    longest = max(longest, ticks_diff(ticks_us(), began))
print(longest, count)
