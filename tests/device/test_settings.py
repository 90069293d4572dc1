"""Settings: secrets.py, and the sentences that say what is wrong with it."""

import os
import sys

from observed import error_of
from sideboard.settings import Settings, SettingsError
from unlinked import unlinked


def with_module(module, work):
    """work(settings), `module` being what `import secrets` gives, or None where it reads a file."""
    before = sys.modules.pop("secrets", None)
    if module:
        sys.modules["secrets"] = module
    try:
        return work(Settings())
    finally:
        sys.modules.pop("secrets", None)
        if before:
            sys.modules["secrets"] = before


class Secrets:
    WIFI_SSID = "home"
    WIFI_PASSWORD = "wpa"
    DEVICE_ID = "b7e6"
    SECRET_KEY = b"key"
    DASHBOARD = False
    DASHBOARD_PORT = 8080
    EMPTY = ""
    NUMBER = 7


def of_secrets(work):
    return with_module(Secrets, work)


def test_setting_is_read_by_its_name():
    assert of_secrets(lambda settings: settings.get("WIFI_SSID")) == "home"


def test_first_name_that_is_set_counts():
    assert of_secrets(lambda settings: settings.get("WIFI_PASS", settings.get("WIFI_PASSWORD"))) == "wpa"


def test_missing_setting_has_its_default():
    assert of_secrets(lambda settings: settings.get("HOSTNAME")) is None
    assert of_secrets(lambda settings: settings.get("HOSTNAME", "Sideboard")) == "Sideboard"


def test_false_is_a_setting():
    assert of_secrets(lambda settings: settings.get("DASHBOARD", True)) is False


def test_hostname_is_made_of_a_device_id_if_that_is_plain():
    for device_id, name in (
        (b"b7e6f00d-1", "sideboard-b7e6f0"),
        (b"b7", "sideboard-b7"),
        ("gerät7".encode(), "sideboard"),
        ("gerätä".encode(), "sideboard"),  # the sixth byte is half a letter
        (b"\xff", "sideboard"),
        (b"it's", "sideboard"),
    ):
        assert of_secrets(lambda settings, device_id=device_id: settings.hostname(device_id)) == name


def test_port_is_a_number():
    assert of_secrets(lambda settings: settings.port("DASHBOARD_PORT", 80)) == 8080
    assert of_secrets(lambda settings: settings.port("CLOUD_PORT", 8884)) == 8884


def test_wrong_port_is_named():
    for port in (0, 65536, -1, "80", 80.0, True):
        Secrets.DASHBOARD_PORT, before = port, Secrets.DASHBOARD_PORT
        text = of_secrets(lambda settings: error_of(SettingsError, settings.port, "DASHBOARD_PORT", 80))
        Secrets.DASHBOARD_PORT = before
        assert text == "DASHBOARD_PORT must be a port from 1 to 65535, not %r" % (port,)


def test_credential_is_bytes():
    assert of_secrets(lambda settings: settings.credential("DEVICE_ID")) == b"b7e6"
    assert of_secrets(lambda settings: settings.credential("SECRET_KEY", "CLOUD_PASSWORD")) == b"key"


def test_given_setting_wins():
    for text in ("mine", b"mine"):
        given = {"DEVICE_ID": text, "WIFI_SSID": None}
        settings = of_secrets(lambda settings, given=given: Settings(given))
        assert settings.credential("DEVICE_ID") == b"mine" and settings.get("WIFI_SSID") == "home"


def test_missing_credential_is_named():
    for names in (("KEY",), ("EMPTY",), ("KEY", "PASSWORD")):
        text = of_secrets(lambda settings, names=names: error_of(SettingsError, settings.credential, *names))
        assert text == "%s is missing: put it into secrets.py" % names[0]


def test_credential_that_is_no_text_is_named():
    text = of_secrets(lambda settings: error_of(SettingsError, settings.credential, "NUMBER"))
    assert text == "NUMBER must be text, not 7"


def test_dashboards_settings_of_a_wrong_type_are_named():
    class Locked:
        DASHBOARD_PASSWORD = "key"

    origin = 'like ("http://dash.example",)'
    for name, values, kind in (
        ("DASHBOARD_PASSWORD", (0, b"", "", b"key", True, False, ("key",)), "text"),
        ("DASHBOARD_GUEST_PASSWORD", (0, b"", "", b"guest", True, False, ("guest",)), "text"),
        ("DASHBOARD_ORIGINS", (0, b"", "", "http://x", False, ["http://x"], (7,), ("x",)), origin),
    ):
        for value in values:
            secrets = type("Secrets", (Locked,), {name: value})
            text = error_of(SettingsError, unlinked, secrets)
            shown = value and type(value) if "PASSWORD" in name else value
            assert text == "%s must be %s, not %r" % (name, kind, shown)


def test_guests_password_without_another_of_the_owner_is_named():
    class Secrets:
        DASHBOARD_GUEST_PASSWORD = "guest"

    for Secrets.DASHBOARD_PASSWORD in (None, "guest"):
        text = error_of(SettingsError, unlinked, Secrets)
        assert text == "DASHBOARD_GUEST_PASSWORD needs another DASHBOARD_PASSWORD"


def networks(**secrets):
    return with_module(type("Secrets", (), secrets), lambda settings: settings.networks())


def test_networks_are_those_of_wifi_and_the_single_one():
    assert networks() == []
    assert networks(WIFI_SSID="home", WIFI_PASS="wpa") == [("home", "wpa")]
    assert networks(WIFI_SSID="home", WIFI_PASSWORD="wpa") == [("home", "wpa")]
    assert networks(WIFI_SSID="open") == networks(WIFI_SSID="open", WIFI_PASS="") == [("open", "")]
    known = (("home", "wpa"), ["shed", "key"], ("open", None))
    assert networks(WIFI=known) == [("home", "wpa"), ("shed", "key"), ("open", "")]
    assert networks(WIFI=[("shed", "key")], WIFI_SSID="home", WIFI_PASS="wpa")[1:] == [("home", "wpa")]
    assert networks(WIFI=known, WIFI_SSID="home", WIFI_PASS="old") == networks(WIFI=known)


def test_networks_of_a_wrong_kind_are_named_without_their_passwords():
    wrong = (("home", "password"), "home", {"home": "password"}, (("home",),), (("home", "password", 1),))
    wrong += ((("", "password"),), ((b"home", "password"),), (("home", 5),), (5,), ("ab",), 5, b"home")
    for value in wrong:
        text = error_of(SettingsError, lambda value=value: networks(WIFI=value))
        assert text == 'WIFI must be names and passwords like (("home", "password"),)'


def remove(folder):
    for name in os.listdir(folder):
        path = folder + "/" + name
        if name == "__pycache__":
            remove(path)
        else:
            os.remove(path)
    os.rmdir(folder)


class SecretsFile:
    """Within `with SecretsFile(text):`, `import secrets` finds a secrets.py with this text."""

    def __init__(self, text):
        self._folder = "/tmp/sideboard-%d" % int.from_bytes(os.urandom(6), "big")
        self._text = text

    def __enter__(self):
        os.mkdir(self._folder)
        with open(self._folder + "/secrets.py", "w") as file:
            file.write(self._text)
        sys.path.insert(0, self._folder)

    def __exit__(self, *error):
        sys.path.remove(self._folder)
        remove(self._folder)


def test_settings_come_from_the_file():
    with SecretsFile("WIFI_SSID = 'from the file'"):
        assert with_module(None, lambda settings: settings.get("WIFI_SSID")) == "from the file"


def test_file_that_is_no_python_is_named():
    for text in ("WIFI_SSID = 'home", "WIFI_SSID: home:", "WIFI_SSID = home"):
        with SecretsFile(text):
            assert "secrets.py" in error_of(SettingsError, with_module, None, lambda settings: None)
