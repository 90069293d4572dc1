"""Editing secrets.py: what is asked for changes, every other byte stays, and what cannot be done is told."""

from observed import error_of
from sideboard.errors import SettingsError
from sideboard.secrets_file import edited

PAIR = {"WIFI_SSID": "home", "WIFI_PASS": "password"}


def defined(text):
    names = {}
    exec(text, names)
    return {name: names[name] for name in names if name[:2] != "__"}


def test_file_that_is_not_there_is_begun():
    text, module = edited(b"", PAIR)
    assert text == b"WIFI_PASS = 'password'\nWIFI_SSID = 'home'\n"
    assert module.WIFI_SSID == "home"


def test_other_lines_stay_byte_by_byte():
    others = "# caf\xe9\r\n\nLED = 5  \r\nTEXT = '''\n  WIFI_SSIDS = 1\n'''\n\n".encode()
    for end in (b"", b"\n", b"X = 1", b"X = 1\n"):
        text, _ = edited(others + b'WIFI_SSID = "old"  # mine\n' + end, PAIR)
        assert text.startswith(others) and b"old" not in text
        assert text[len(others) :].startswith(end), text


def test_text_that_is_no_utf_8_stays():
    text, _ = edited(b"# caf\xe9\nLED = 5\n", PAIR)
    assert text.startswith(b"# caf\xe9\nLED = 5\n")


def test_any_text_survives():
    for value in (
        "it's",
        'say "x"',
        "'\"",
        "back\\slash\\",
        "\\n",
        "a\nb\r\tc",
        "\0\x1b\x7f",
        "schlüssel €",
        "\U0001f511",
        "%s {x}",
        "'''",
        '"""',
        "#",
        " ",
    ):
        text, module = edited(b"LED = 1\n", {"WIFI_SSID": value, "WIFI": [[value, value]]})
        again = defined(text)
        assert again["WIFI_SSID"] == module.WIFI_SSID == value and again["WIFI"] == [[value, value]]
        assert edited(text, {"WIFI_SSID": value, "WIFI": [[value, value]]})[0] == text


def test_value_of_several_lines_is_replaced_as_a_whole():
    before = b'A = 1\nWIFI = (\n    ("home", "x"),  # (\n    ("shed", ")"),\n)\nB = 2\n'
    assert edited(before, {"WIFI": None})[0] == b"A = 1\nB = 2\n"
    assert defined(edited(before, {"WIFI": [["a", "b"]]})[0]) == {"A": 1, "B": 2, "WIFI": [["a", "b"]]}
    assert edited(b'WIFI_SSID = "a" \\\n    "b"\nB = 2\n', {"WIFI_SSID": None})[0] == b"B = 2\n"


def test_setting_that_is_there_twice_is_there_once():
    text, _ = edited(b'WIFI_SSID = "a"\nX = 1\nWIFI_SSID="b"\n', {"WIFI_SSID": "c"})
    assert text == b"X = 1\nWIFI_SSID = 'c'\n"


def test_setting_is_removed():
    assert edited(b'HOSTNAME = "lamp"\nX = 1', {"HOSTNAME": None, "WIFI": None})[0] == b"X = 1\n"


def test_value_made_of_others_is_replaced():
    text, _ = edited(b'NAME = "a"\nHOSTNAME = NAME + "-1"\n', {"HOSTNAME": "lamp"})
    assert text == b"NAME = \"a\"\nHOSTNAME = 'lamp'\n"


def test_what_lines_cannot_do_is_told_and_nothing_changes():
    for before, name in (
        (b'NOTE = """\nWIFI_SSID = 1\n"""\n', "NOTE"),  # within another's text
        (b'WIFI_SSID = "a"; LED = 5\n', "LED"),
        (b'WIFI_SSID = "a"; DASHBOARD = False\n', "DASHBOARD"),
        (b'WIFI_SSID = "a"; SSL = {}\n', "SSL"),
        (b'WIFI_SSID = "a"\nURL = "http://" + WIFI_SSID\n', "NameError"),
        (b'if True:\n    HOSTNAME = "lamp"\n', "HOSTNAME"),
        (b'HOSTNAME, X = "lamp", 1\n', "HOSTNAME"),
        (b"X = 1 // 0\n", "ZeroDivisionError"),
        (b"WIFI_SSID = 'home\nX = 1\n", "SyntaxError"),
        (b"this is no Python\n", "SyntaxError"),
    ):
        sentence = error_of(SettingsError, edited, before, {"WIFI_SSID": "home", "HOSTNAME": None})
        assert name in sentence and "\n" not in sentence and "home" not in sentence, sentence
