"""make deploy asks before it overwrites, asks for what the board cannot know, and takes no for an answer."""

import os
import pty
import subprocess

import pytest
from deploying import STAND_IN, Index, Maker, contents
from plugged_board import PluggedBoard

from tools.deploy import files
from tools.library import DEVICE

MINE = "# mine\nprint('mine')\n"
SETTINGS = {
    "WIFI_SSID": 'Müllers\' "WLAN"',
    "WIFI_PASS": "a\\b'; import os #",
    "DEVICE_ID": "ef77a0c8-0432-4574-85e1-54e3d5cac861",
    "SECRET_KEY": "TQHFHEKKKLSYMPB1OZLF",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with Index(tmp_path_factory.mktemp("index")) as index:
        yield index


@pytest.fixture
def maker(index, tmp_path):
    (tmp_path / "home").mkdir()
    return Maker(tmp_path / "home", index)


@pytest.fixture(scope="module")
def library():
    return {**files.library((), True), "lib/logging.py": STAND_IN.read_bytes()}


@pytest.fixture
def board(tmp_path, library):
    """It has the library and settings, but no device's: so its program ends at once, and says so."""
    with PluggedBoard(tmp_path / "board") as board:
        for name, content in library.items():
            (board.flash / name).parent.mkdir(parents=True, exist_ok=True)
            (board.flash / name).write_bytes(content)
        (board.flash / "secrets.py").write_text("WIFI_SSID = 'old'\n")
        yield board


def has(board, name):
    return (board.flash / name).read_text()


def test_foreign_main_stays_without_a_yes(maker, board):
    (board.flash / "main.py").write_text(MINE)
    result = maker.deploy(board, answers="n\n")
    assert "The board's main.py is not from here. Overwrite it? [y/N]" in result.output
    assert "main.py stays as it is." in result.output
    assert has(board, "main.py") == MINE
    assert "boards.py" in result.copied


def test_foreign_main_is_asked_for_again_and_overwritten_with_a_yes(maker, board):
    (board.flash / "main.py").write_text(MINE)
    assert maker.deploy(board, answers="\n").copied[-1] == "boards.py"
    assert maker.deploy(board, answers="yes\n").copied == ["deploy.json", "main.py"]
    assert has(board, "main.py") == (DEVICE / "main.py").read_text()
    assert not maker.deploy(board).copied


def test_main_that_was_edited_on_the_board_is_foreign(maker, board):
    maker.deploy(board)
    edited = (DEVICE / "main.py").read_text() + "\n# on the board\n"
    (board.flash / "main.py").write_text(edited)
    maker.deploy(board, answers="n\n")
    assert has(board, "main.py") == edited


def test_main_of_comments_is_overwritten_unasked(maker, board):
    (board.flash / "main.py").write_text("# main.py -- put your code here!\r\n")
    assert "Overwrite" not in maker.deploy(board).output
    assert has(board, "main.py") == (DEVICE / "main.py").read_text()


def test_yes_answers_without_a_person(maker, board):
    (board.flash / "main.py").write_text(MINE)
    (maker.home / "secrets.py").write_text("WIFI_SSID = 'new'\n")
    result = maker.deploy(board, "--yes", stdin=subprocess.DEVNULL)
    assert (
        "The board's secrets.py is another than that of this folder. Replace it? [y/N] yes" in result.output
    )
    assert "The board's main.py is not from here. Overwrite it? [y/N] yes" in result.output
    assert has(board, "main.py") == (DEVICE / "main.py").read_text()
    assert has(board, "secrets.py") == "WIFI_SSID = 'new'\n"


def test_yes_has_no_settings(maker, board):
    (board.flash / "secrets.py").unlink()
    before = contents(board.flash)
    result = maker.deploy(board, "--yes", stdin=subprocess.DEVNULL)
    sentence = "YES=1 does not answer “Wi-Fi name:”: put a secrets.py with the settings into this folder.\n"
    assert result.code == 1 and result.output.endswith(sentence)
    assert contents(board.flash) == before


def test_nobody_answers(maker, board):
    (board.flash / "main.py").write_text(MINE)
    before = contents(board.flash)
    result = maker.deploy(board, answers="")
    assert result.code == 1
    assert "Nobody answered “The board's main.py is not from here. Overwrite it? [y/N]”" in result.output
    assert contents(board.flash) == before


def test_settings_of_the_board_stay(maker, board):
    maker.deploy(board)
    assert has(board, "secrets.py") == "WIFI_SSID = 'old'\n"


@pytest.mark.parametrize("answer, name", [("n", "old"), ("", "old"), ("y", "new")])
def test_settings_are_replaced_with_a_yes(maker, board, answer, name):
    (maker.home / "secrets.py").write_text("WIFI_SSID = 'new'\n")
    result = maker.deploy(board, answers=answer + "\n")
    assert "The board's secrets.py is another than that of this folder. Replace it? [y/N]" in result.output
    assert has(board, "secrets.py") == f"WIFI_SSID = '{name}'\n"


def test_settings_that_are_no_python_are_refused(maker, board):
    (maker.home / "secrets.py").write_text("WIFI_SSID = 'new'\nWIFI_PASS = 'new\n")
    before = contents(board.flash)
    result = maker.deploy(board)
    assert result.output.endswith("The secrets.py of this folder is not valid Python: look at line 2.\n")
    assert result.code == 1
    assert contents(board.flash) == before


def test_settings_name_a_certificate_that_is_not_there(maker, board):
    (maker.home / "secrets.py").write_text("CLOUD_CA = 'my.der'\n")
    result = maker.deploy(board)
    assert result.output.endswith("CLOUD_CA in secrets.py names my.der, which is not in this folder.\n")


@pytest.mark.parametrize("options", [(), ("--secrets",)])
def test_settings_are_asked_for_and_written_as_they_are(maker, board, options):
    answers = [*SETTINGS.values()]
    answers.insert(2, "")  # the Device ID is asked for until it comes
    if options:
        answers.insert(0, "y")
    else:
        (board.flash / "secrets.py").unlink()
    result = maker.deploy(board, *options, answers="\n".join(answers) + "\n")
    assert "https://app.arduino.cc/devices" in result.output
    written = {}
    exec(has(board, "secrets.py"), {}, written)
    assert written == SETTINGS


def test_secrets_are_not_shown_in_the_terminal(maker, board):
    (board.flash / "secrets.py").unlink()
    terminal, end = pty.openpty()
    process = maker.start(board.port, stdin=end, stdout=end, stderr=end, start_new_session=True)
    os.close(end)
    seen = b""
    try:
        for question, answer in zip((b"name:", b"Wi-Fi):", b"ID:", b"hidden):"), SETTINGS.values()):
            while question not in seen.rpartition(b"\n")[2]:
                seen += os.read(terminal, 1000)
            os.write(terminal, answer.encode() + b"\n")
        while b"Copying secrets.py" not in seen:
            seen += os.read(terminal, 1000)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    shown = seen.decode()
    assert SETTINGS["DEVICE_ID"] in shown
    assert SETTINGS["WIFI_PASS"] not in shown and SETTINGS["SECRET_KEY"] not in shown
