"""Rescue: all but the cloud, without the script, which failed too often. Loaded only then, by safestart."""

from .client import ArduinoCloudClient


def serve(traceback):
    """Serves the page until a restart. traceback: of the script's last failure; "": that was a reset."""
    client = ArduinoCloudClient()
    create_task = client.create_task
    client.create_task = lambda name, *args: name in ("cloud", "start") or create_task(name, *args)
    client.registry.set_status(cloud="offline", error="main.py was left out: " + _reason(traceback))
    client.start()


def _reason(traceback):
    if "frozen_main'" in traceback:
        return "there is none"
    if not traceback:
        return "it was reset within a minute 3 times"
    where, what = "", ""
    for line in traceback.split("\n"):
        if 'main.py", line' in line:
            where = line.split(", ")[1] + ": "
        what = line or what
    return where + what + " (3 times)"
