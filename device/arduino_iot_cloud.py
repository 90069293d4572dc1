"""The official library's import name: scripts written for it run on Sideboard unmodified."""

from sideboard import ArduinoCloudClient, ColoredLight, Task

__all__ = ["ArduinoCloudClient", "ColoredLight", "Task"]
