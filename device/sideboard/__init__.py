# ruff: noqa: E402, F401
"""Sideboard: an Arduino Cloud device that serves its own dashboard."""

from .compat import load

# What compiling a module leaves behind is cleared away before the next: so memory stays in one piece. Not in
# what tools/joined makes of these modules.
_MODULES = "errors tasks net clock variables senml agreement mqtt cloud store client"
load(*["sideboard." + name for name in _MODULES.split()])

from .client import ArduinoCloudClient
from .errors import SettingsError
from .variables import Variable

ArduinoCloudObject = Task = Variable  # as the official library names them

# What few scripts need is loaded only for them.
_ELSEWHERE = (
    ("composites", "ColoredLight DimmedLight Color Location Schedule timestamp"),
    ("television", "Television"),
    ("wifi", "async_wifi_connection"),
    ("roots", "CADATA"),
)


def __getattr__(name):
    place = name
    for module, names in _ELSEWHERE:
        if name in names.split():
            place = module
    try:
        found = __import__("sideboard." + place, None, None, (name,))
    except ImportError:
        raise AttributeError("sideboard has no " + name) from None
    return found if place == name else getattr(found, name)
