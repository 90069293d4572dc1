"""Runs the whole app, device/main.py, and prints each second what is free after a collection."""

import asyncio
import gc

import sideboard


class Reporting(sideboard.ArduinoCloudClient):
    def start(self):
        self.create_task("report", report)
        super().start()


async def report():
    while True:
        await asyncio.sleep(1)
        gc.collect()
        print("free", gc.mem_free())


sideboard.ArduinoCloudClient = Reporting
import main  # noqa: E402, F401
