"""Prints what a coloured light's pack costs: `encode` or `decode`, microseconds, bytes of heap."""

import gc
from time import ticks_diff, ticks_us

from sideboard import ColoredLight, senml

ROUNDS = 31
CALLS = 200

records = ColoredLight("light", swi=True, hue=120.0, sat=100.0, bri=50.5).records()
pack = senml.encode(records)


def taken(function, argument):
    """Bytes that one call takes from the heap."""
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    function(argument)
    after = gc.mem_alloc()
    gc.enable()
    return after - before


def microseconds(function, argument):
    """Of one call, the median of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        gc.collect()
        began = ticks_us()
        for _ in range(CALLS):
            function(argument)
        rounds.append(ticks_diff(ticks_us(), began) / CALLS)
    return sorted(rounds)[ROUNDS // 2]


for function, argument in ((senml.encode, records), (senml.decode, pack)):
    name = "encode" if function is senml.encode else "decode"
    print(name, microseconds(function, argument), taken(function, argument))
