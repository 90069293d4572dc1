"""Settings of any type, a line for each: `NAME JSON`, or `NAME b JSON` for bytes. Else SettingsError."""

import json
import sys

from sideboard.compat import text_of
from sideboard.errors import SettingsError
from sideboard.settings import Settings

SEEDS = (
    b'DEVICE_ID "device"\nSECRET_KEY "secret"\nWIFI_SSID "net"\nWIFI_PASS "password"',
    b'DEVICE_ID b "device"\nCLOUD_PASSWORD b "secret"\nCLOUD_SERVER "cloud.example"\nCLOUD_PORT 8883',
    b'DEVICE_ID "device"\nSECRET_KEY 5\nDASHBOARD false\nDASHBOARD_PORT 8080\n'
    b'DASHBOARD_PASSWORD "x"\nHOSTNAME "plant-1"',
    b'DEVICE_ID null\nSECRET_KEY [1]\nCLOUD_CA "ca.der"\nHOSTNAME {"a": 1}\nDASHBOARD_PASSWORD 0',
)
_NAMES = (
    "DEVICE_ID SECRET_KEY CLOUD_PASSWORD CLOUD_SERVER CLOUD_PORT CLOUD_CA HOSTNAME WIFI_SSID WIFI_PASS"
    " WIFI_PASSWORD DASHBOARD DASHBOARD_PORT DASHBOARD_PASSWORD DASHBOARD_GUEST_PASSWORD"
).split()


class _Secrets:
    pass


def _secrets(data):
    secrets = _Secrets()
    for line in data.split(b"\n"):
        try:
            name, _, value = str(line, "utf-8").partition(" ")
            value = text_of(json.loads(value[2:])).encode() if value[:2] == "b " else json.loads(value)
            text_of(value if isinstance(value, str) else "")  # nobody writes half a character
        except (ValueError, RuntimeError, TypeError):
            continue
        if name in _NAMES:
            setattr(secrets, name, value)
    return secrets


def check(data):
    before = sys.modules.get("secrets")
    sys.modules["secrets"] = _secrets(data)
    try:
        settings = Settings({})
        settings.check(ntp_timeout=0)
        settings.networks()
        login = settings.login()
        hostname = settings.hostname(login["device_id"])
        port = settings.port("DASHBOARD_PORT", 80)
        for name in (
            "CLOUD_CA",
            "DASHBOARD_PASSWORD",
            "DASHBOARD_GUEST_PASSWORD",
            "WIFI_SSID",
            "WIFI_PASS",
            "WIFI_PASSWORD",
        ):
            value = settings.of(str, name)
            assert value is None or isinstance(value, str) and value
        assert settings.of(bool, "DASHBOARD", True) in (True, False)
    except SettingsError as error:
        assert str(error)
        return
    finally:
        del sys.modules["secrets"]
        if before:
            sys.modules["secrets"] = before
    assert isinstance(login["device_id"], bytes) and isinstance(login["password"], bytes)
    assert isinstance(login["server"], str) and login["server"] and 0 < login["port"] < 65536
    assert 0 < port < 65536 and 0 < len(hostname) < 33
