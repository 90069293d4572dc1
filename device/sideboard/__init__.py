"""Sideboard: an Arduino Cloud device that serves its own dashboard."""

from .client import ArduinoCloudClient
from .settings import SettingsError
from .variables import ColoredLight
from .variables import Variable as Task

__all__ = ["ArduinoCloudClient", "ColoredLight", "SettingsError", "Task"]
