"""What a page asks the setup for, as JSON: settings that secrets.py then has, or SettingsError."""

import json

from sideboard.compat import text_of
from sideboard.errors import SettingsError
from sideboard.secrets_file import edited
from sideboard.setup import Setup

SEEDS = (
    b'{"wifi": [["home", "password"]], "device_id": "b7e6", "secret_key": "SECRET"}',
    b'{"wifi": [["home", null], ["caf\xc3\xa9", ""]], "hostname": "lamp", "password": "it\'s \\"x\\""}',
    b'{"hostname": "", "password": ""}',
    b'{"wifi": "ab", "device_id": 5}',
    b'{"secret_key": "\\u00fc\\n\\\\ \\ud83d\\ude00"}',
)
_BEFORE = b'# mine\nLED = 5\nWIFI = (\n    ("home", "x"),\n)\nHOSTNAME = "old"\n'
_NAMES = (
    "WIFI WIFI_SSID WIFI_PASS WIFI_PASSWORD DEVICE_ID SECRET_KEY CLOUD_PASSWORD HOSTNAME DASHBOARD_PASSWORD"
)


class _Settings:
    _settings = None

    def networks(self):
        return [("home", "x")]


def check(data):
    stand_in = _Settings()
    stand_in._settings = stand_in
    try:
        wanted = json.loads(text_of(data))
    except (ValueError, RuntimeError):
        return
    try:
        values = Setup._values(stand_in, wanted)
    except SettingsError as error:
        assert str(error)
        return
    assert set(values) <= set(_NAMES.split())
    try:
        text, module = edited(_BEFORE, values)
    except SettingsError:
        raise AssertionError("what is wanted cannot be written") from None
    after = {}
    exec(text, after)
    assert text.startswith(b"# mine\nLED = 5\n") and after["LED"] == module.LED == 5
    for name in values:
        assert after.get(name) == values[name]
