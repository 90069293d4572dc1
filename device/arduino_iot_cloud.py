"""The official library's import name: scripts written for it run on Sideboard unmodified."""

import sideboard
from sideboard import ArduinoCloudClient, ArduinoCloudObject, Task

__all__ = ["ArduinoCloudClient", "ArduinoCloudObject", "Task"]


def __getattr__(name):
    return getattr(sideboard, name)
