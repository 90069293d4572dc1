"""Every setting with every wrong type: one sentence that names it, and nothing half-built."""

import sys

from observed import error_of
from sideboard import ArduinoCloudClient, client
from sideboard.settings import SettingsError
from test_settings import SecretsFile


def function():
    pass


class Kind:
    pass


WRONG = (
    5,
    0,
    -1,
    1.5,
    True,
    False,
    b"x",
    b"",
    "",
    [],
    ["x"],
    (),
    ("x",),
    {},
    {"x": "y"},
    function,
    Kind,
    Kind(),
)
TEXT = ()  # of WRONG, what is right
CREDENTIAL = (b"x",)
PASSWORD = ("",)  # of an open network
NETWORKS = ([], ())
PORT = (5,)
SWITCH = (True, False)

# What is right for each setting beside its own type, in secrets.py and as an argument.
SETTINGS = {
    "WIFI_SSID": TEXT,
    "WIFI_PASS": PASSWORD,
    "WIFI_PASSWORD": PASSWORD,
    "WIFI": NETWORKS,
    "DEVICE_ID": CREDENTIAL,
    "SECRET_KEY": CREDENTIAL,
    "CLOUD_PASSWORD": CREDENTIAL,
    "CLOUD_SERVER": TEXT,
    "CLOUD_PORT": PORT,
    "CLOUD_CA": TEXT,
    "DASHBOARD": SWITCH,
    "DASHBOARD_PORT": PORT,
    "DASHBOARD_PASSWORD": TEXT,
    "DASHBOARD_GUEST_PASSWORD": TEXT,
    "HOSTNAME": TEXT,
}
ARGUMENTS = {
    "device_id": ("DEVICE_ID", CREDENTIAL),
    "username": ("user name", CREDENTIAL),
    "password": ("SECRET_KEY", CREDENTIAL),
    "server": ("CLOUD_SERVER", TEXT),
    "port": ("CLOUD_PORT", PORT),
    "keepalive": ("keepalive", (5, 0)),
    "ntp_server": ("ntp_server", TEXT),
    "ntp_timeout": ("ntp_timeout", (5, 0, 1.5)),
    "sync": ("sync", TEXT),
    "ssl_params": ("ssl_params", ({}, {"x": "y"})),
}


def among(value, values):
    """Whether it is one of these, of the same type: 0 is not False."""
    return any(type(one) is type(value) and one == value for one in values)


def complaint(secrets, **arguments):
    """The sentence by which a client is refused; nothing of it may have been made."""

    def made(*args, **options):
        raise AssertionError("a part of the client was made")

    before, normal = sys.modules.get("secrets"), client.Registry
    sys.modules["secrets"] = type("Secrets", (), secrets)
    client.Registry = made
    try:
        return error_of(SettingsError, lambda: ArduinoCloudClient(**arguments))
    finally:
        client.Registry = normal
        del sys.modules["secrets"]
        if before:
            sys.modules["secrets"] = before


def check_sentence(text, name):
    assert name in text and "\n" not in text, (name, text)


def of_secrets(name, value):
    secrets = {"DEVICE_ID": "b7e6", "SECRET_KEY": "key", "DASHBOARD": False}
    if name == "CLOUD_PASSWORD":
        del secrets["SECRET_KEY"]
    secrets[name] = value
    return secrets


def test_setting_of_a_wrong_type_is_named():
    for name in SETTINGS:
        for value in WRONG:
            if not among(value, SETTINGS[name]):
                check_sentence(complaint(of_secrets(name, value)), name)


def test_argument_of_a_wrong_type_is_named():
    for argument in ARGUMENTS:
        name, right = ARGUMENTS[argument]
        for value in WRONG:
            if not among(value, right):
                check_sentence(complaint(of_secrets("DASHBOARD", False), **{argument: value}), name)


def test_secrets_that_cannot_be_imported_are_told_in_a_sentence():
    for text, told in (
        ("from nowhere import SECRET_KEY", "secrets.py imports what is not there: "),
        ("from sys import nothing_like_it", "secrets.py imports what is not there: "),
        ("WIFI_SSID = 1 // 0", "secrets.py raises ZeroDivisionError: "),
        ("raise RuntimeError('no card')", "secrets.py raises RuntimeError: no card"),
        ("WIFI_SSID = 'home", "secrets.py raises SyntaxError: "),
    ):
        before = sys.modules.pop("secrets", None)
        try:
            with SecretsFile(text):
                sentence = error_of(SettingsError, ArduinoCloudClient)
        finally:
            sys.modules.pop("secrets", None)
            if before:
                sys.modules["secrets"] = before
        assert sentence.startswith(told) and "\n" not in sentence, sentence


def test_no_sentence_shows_a_password():
    """It goes into the log, which guests read, after the next start."""
    for name in SETTINGS:
        if "PASS" in name or "KEY" in name or name == "WIFI":
            for value in 8765432187, ["8765432187"], {"8765432187": 1}:
                assert "876543" not in complaint(of_secrets(name, value)), name
