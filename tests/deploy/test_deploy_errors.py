"""What make deploy says when something is in the way: a sentence, and the board is as it was."""

import os
import re
import subprocess
import tty
from types import SimpleNamespace

import pytest
import serial
from deploying import Index, Maker, contents
from plugged_board import PluggedBoard
from serial.tools.list_ports_common import ListPortInfo

from tools import ROOT, library
from tools.deploy import DeployError, files, log, port
from tools.joined import told

RUNS = """
import time

while True:
    print("runs")
    time.sleep(0.1)
"""
STUBBORN = """
import time

while True:
    try:
        time.sleep(1)
    except KeyboardInterrupt:
        pass
"""
LITTLE_FLASH = """
import uos
from uos import *

class Flash:
    blocks = bytearray(65536)

    def readblocks(self, block, buffer, offset=0):
        start = 512 * block + offset
        buffer[:] = self.blocks[start : start + len(buffer)]

    def writeblocks(self, block, data, offset=0):
        start = 512 * block + offset
        self.blocks[start : start + len(data)] = data

    def ioctl(self, request, argument):
        return {4: 128, 5: 512, 6: 0}.get(request)

flash = Flash()
uos.VfsLfs2.mkfs(flash)
uos.mount(uos.VfsLfs2(flash), "/flash")
uos.chdir("/flash")
"""
UNCHECKED = "import tools.deploy.board as board; board.Board.check = lambda *_: None"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with Index(tmp_path_factory.mktemp("index")) as index:
        yield index


@pytest.fixture
def maker(index, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "secrets.py").write_text("")
    return Maker(tmp_path / "home", index)


@pytest.fixture
def board(tmp_path):
    with PluggedBoard(tmp_path / "board") as board:
        yield board


def last_words(result):
    assert result.code == 1, result.output
    return result.output.splitlines()[-1]


def usb(device, description):
    info = ListPortInfo(device)
    info.vid, info.description = 0x2341, description
    return info


def test_the_only_usb_port_is_taken():
    assert port.choose([ListPortInfo("/dev/ttyS0"), usb("/dev/ttyACM0", "GIGA")]) == "/dev/ttyACM0"


def test_no_board():
    with pytest.raises(DeployError, match="^There is no board: .*https://micropython.org/download$"):
        port.choose([ListPortInfo("/dev/ttyS0")])


def test_several_boards():
    with pytest.raises(DeployError) as raised:
        port.choose([usb("/dev/ttyACM1", "Nano ESP32"), usb("/dev/ttyACM0", "GIGA")])
    assert str(raised.value) == (
        "There are several boards: /dev/ttyACM0 (GIGA) and /dev/ttyACM1 (Nano ESP32). "
        "Choose one: make deploy PORT=/dev/ttyACM0"
    )


def test_port_that_is_not_there(maker, tmp_path):
    missing = tmp_path / "ttyMissing"
    assert last_words(maker.deploy(SimpleNamespace(port=missing))).startswith(f"There is no port {missing}: ")


def test_port_that_is_not_for_this_user(monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    sentence = "You may not use /dev/tty: run sudo usermod -aG [a-z]+ [$]USER, then log out and in again."
    assert re.fullmatch(sentence, port.why_closed("/dev/tty"))


def test_port_that_another_program_has(maker, board):
    with serial.Serial(str(board.port), exclusive=True):
        words = last_words(maker.deploy(board))
    assert words.startswith(f"{board.port} is used by another program: close it")


def test_something_that_is_no_board(maker, tmp_path):
    silent, end = os.openpty()
    tty.setraw(end)
    words = last_words(maker.deploy(SimpleNamespace(port=os.ttyname(end))))
    assert words.startswith(f"The board at {os.ttyname(end)} does not answer.")
    assert words.endswith("install MicroPython: https://micropython.org/download")
    os.close(silent)
    os.close(end)


def test_program_that_ignores_ctrl_c(maker, board):
    board.unplug()
    (board.flash / "main.py").write_text(STUBBORN)
    board.plug_in()
    assert "its program ignores Ctrl-C: press its reset button" in last_words(maker.deploy(board))


def test_tracebacks_in_the_log_have_whole_names(capsys):
    library.modules()
    names = {name: short for (_, short), name in told.read(ROOT / told.NAMES).items()}
    shown = f'File "sideboard/dashboard.py", line 1, in {names["open_port"]}', "Dashboard: http://lamp/"
    log.Log(SimpleNamespace(lines=lambda seconds: shown)).follow()
    assert '  File "sideboard/dashboard.py", line 1, in open_port\n' in capsys.readouterr().out


def test_old_micropython(maker, board):
    words = last_words(maker.deploy(board, change="import tools.boards as boards; boards.OLDEST = 9, 1"))
    assert words.startswith("Sideboard needs MicroPython 9.1 or newer: install it from http")


def test_little_flash_is_noticed_before_anything_is_copied(maker, board):
    (board.firmware / "os.py").write_text(LITTLE_FLASH)
    result = maker.deploy(board, answers="y\n")
    pattern = r"The board's flash is too full: (\d+) KB are needed and 63 KB are free\. Remove files .*"
    needed = int(re.fullmatch(pattern, last_words(result))[1])
    sizes = [len(content) for content in {**files.library((), True), **files.application()}.values()]
    assert sum(sizes) < needed * 1024 < sum(sizes) + 512 * len(sizes) + 20000
    assert not result.copied


def test_flash_that_gets_full(maker, board):
    (board.firmware / "os.py").write_text(LITTLE_FLASH)
    result = maker.deploy(board, answers="y\n", change=UNCHECKED)
    pattern = r"The board's flash is full: (\S+) needs (\d+) bytes, (\d+) are free\. Remove files .*"
    name, needed, free = re.fullmatch(pattern, last_words(result)).groups()
    assert name == result.copied[-1]
    assert int(free) < int(needed)


def test_logging_that_cannot_be_fetched(maker, board):
    words = last_words(maker.deploy(board, "--index", "http://127.0.0.1:9", answers="y\n"))
    assert "The board has no module logging, and it did not come from http://127.0.0.1:9 (" in words
    assert contents(board.flash) == {}


def test_logging_that_comes_damaged(maker, board, index):
    whole = index.file.read_bytes()
    index.file.write_bytes(whole[:-1])
    try:
        assert "(what came is damaged)" in last_words(maker.deploy(board, answers="y\n"))
    finally:
        index.file.write_bytes(whole)


def test_setting_that_is_wrong_ends_the_waiting(maker, board):
    (maker.home / "secrets.py").write_text("DEVICE_ID = 7\n")
    result = maker.deploy(board, answers="y\n")
    assert "  Sideboard: DEVICE_ID must be text, not 7" in result.output
    assert "make deploy SECRETS=1 asks for the settings again." in last_words(result)


def test_settings_that_are_missing_are_asked_for_on_the_boards_own_wifi(maker, board):
    result = maker.deploy(board, answers="y\n")
    assert "has opened its own, sideboard-de0b: join that first." in result.output
    assert re.search(r"^The board's page: http://127\.0\.4\.1(:\d+)?/setup$", result.output, re.M)


@pytest.mark.parametrize("at", ["Board: ", "Copying lib/sideboard/dashboard", "  runs"])
def test_ctrl_c_ends_cleanly_and_the_boards_program_runs_again(maker, board, at):
    board.unplug()
    (board.flash / "main.py").write_text(RUNS)
    (board.flash / "secrets.py").write_text("")
    board.plug_in()
    process = maker.start(board.port)
    process.stdin.write("n\n")
    process.stdin.flush()
    result = maker.interrupt(process, at)
    assert result.code == 130
    assert result.output.endswith("Stopped. make deploy goes on from there.\n")
    with serial.Serial(str(board.port), timeout=10) as line:
        assert line.read_until(b"runs\r\n").endswith(b"runs\r\n")


@pytest.mark.parametrize(
    "line, sentence",
    [
        ("WARNING Wi-Fi: home does not let the board in: check", "Is your Wi-Fi near, and of 2.4 GHz?"),
        ("Sideboard: DEVICE_ID is missing: put it into secrets.py", "A setting is missing or wrong"),
        ("MemoryError: memory allocation failed, allocating 1024 bytes", "It has too little memory"),
        ("ImportError: no module named 'mine'", "Its program ended by the error above."),
        ("hello", "Does its main.py start Sideboard, and its page"),
    ],
)
def test_hint_from_the_log(line, sentence):
    with pytest.raises(DeployError, match="^The board does not say where its page is. ") as raised:
        log.Log(SimpleNamespace(lines=lambda seconds: ["INFO starts", line])).follow()
    assert sentence in str(raised.value)


def test_make_deploy_passes_its_options():
    given = "PORT=/dev/ttyACM0", "SCRIPT=my.py", "DRY_RUN=1", "SECRETS=1", "YES=1", "INDEX=http://near"
    given += "HOST=board.local", "PASSWORD_FILE=my.txt"
    command = ["make", "-n", "deploy", *given]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wanted = ".venv/bin/python -m tools.deploy --port /dev/ttyACM0 --script my.py --dry-run --secrets"
    wanted += " --yes --index http://near --host board.local --password-file my.txt"
    assert wanted in " ".join(printed.replace("\\\n", " ").split())


def test_program_without_a_page_is_asked_for_it_and_runs_again(maker, board):
    board.unplug()
    (board.flash / "main.py").write_text(RUNS)
    board.plug_in()
    quick = "import tools.deploy.log as log; log.SILENT, log.SECONDS = 1, 2"
    result = maker.deploy(board, answers="y\nn\n", change=quick)
    assert last_words(result).startswith("The board does not say where its page is. Does its main.py start")
    assert result.output.count("asking the board, which starts again") == 2


def test_script_that_was_main_and_is_not_here(maker, board):
    (board.flash / "deploy.json").write_text('{"script": "plant.py"}')
    words = last_words(maker.deploy(board, answers="y\n"))
    assert words == "The board's main.py was plant.py, which is not here: name one by SCRIPT=."


def test_script_that_is_not_there(maker, board):
    assert last_words(maker.deploy(board, "--script", "no.py")) == "There is no script no.py."
