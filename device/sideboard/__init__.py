"""Sideboard: an Arduino Cloud device that serves its own dashboard."""

from .client import ArduinoCloudClient
from .settings import SettingsError
from .variables import Variable

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
    "timestamp": "compat",
    "CADATA": "roots",
}


def __getattr__(name):
    module = _ELSEWHERE.get(name, name)
    try:
        module = __import__("sideboard." + module, None, None, (name,))
    except ImportError:
        raise AttributeError("module 'sideboard' has no attribute '%s'" % name) from None
    return getattr(module, name) if name in _ELSEWHERE else module
