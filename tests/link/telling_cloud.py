"""The local cloud, which prints each message of values from its device, as JSON, and is slow to take it."""

import asyncio
import json
import os
import runpy
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.cloud import pack, thing  # noqa: E402

# Seconds: a large cloud's Thing takes a message when the broker has long acknowledged it.
DELAY = float(os.environ.get("THING_DELAY", 0.03))

take_values = thing.Thing._take_values


async def tell_and_take_values(self, data):
    message = {"time": time.monotonic(), "values": pack.decode(data)}
    print("message", json.dumps(message), flush=True)
    await asyncio.sleep(DELAY)
    await take_values(self, data)


thing.Thing._take_values = tell_and_take_values
runpy.run_module("tools.cloud", run_name="__main__", alter_sys=True)
