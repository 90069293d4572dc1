"""Sideboard: an Arduino Cloud device that serves its own dashboard."""

import gc

# What compiling a module leaves behind is cleared away before the next: so memory stays in one piece.
for _name in ("compat", "variables", "senml", "mqtt", "net", "cloud", "store", "client"):
    __import__("sideboard." + _name)
    gc.collect()

from .client import ArduinoCloudClient  # noqa: E402
from .compat import SettingsError  # noqa: E402
from .variables import Variable  # noqa: E402

__all__ = ["ArduinoCloudClient", "ArduinoCloudObject", "SettingsError", "Task"]

ArduinoCloudObject = Task = Variable  # as the official library names them

# What few scripts need is loaded only for them.
_ELSEWHERE = {
    "ColoredLight": "composites",
    "DimmedLight": "composites",
    "Color": "composites",
    "Location": "composites",
    "Schedule": "composites",
    "Television": "television",
    "async_wifi_connection": "wifi",
    "timestamp": "composites",
    "CADATA": "roots",
}


def __getattr__(name):
    module = _ELSEWHERE.get(name, name)
    try:
        module = __import__("sideboard." + module, None, None, (name,))
    except ImportError:
        raise AttributeError("module 'sideboard' has no attribute '%s'" % name) from None
    return getattr(module, name) if name in _ELSEWHERE else module
