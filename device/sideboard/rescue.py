"""Rescue: all but the cloud, without the script, which failed too often. safestart loads it, and only then."""

from .client import ArduinoCloudClient
from .errors import SettingsError


class _Rescue(ArduinoCloudClient):
    def create_task(self, name, *args):
        if name not in ("cloud", "start"):
            super().create_task(name, *args)


def serve(traceback):
    """Serves the page until a restart, or asks for the settings where these are missing or wrong.

    traceback: of the script's last failure; "": that was a reset; None: it misses settings.
    """
    try:
        if traceback is not None:
            client = _Rescue()
            client.registry.set_status(cloud="offline", error=reason(traceback))
            client.start()
    except SettingsError:
        pass
    from .setup import start

    start()


def reason(traceback):
    """Why the script was left out, in a sentence."""
    if "frozen_main'" in traceback:
        return "there is no main.py"
    if not traceback:
        return "main.py was left out: it was reset within a minute 3 times"
    lines = traceback.strip().split("\n")
    where = [line.split(", ")[1] + ": " for line in lines if 'main.py", line' in line]
    return "main.py was left out: %s%s (3 times)" % (where[-1] if where else "", lines[-1])
