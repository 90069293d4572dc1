"""A start that always works: scripts that fail are left out, on a simulated board with boot.py or frozen."""

import base64
import json
import time
import urllib.request

import pytest

from tools import frozen, library
from tools.local import Board

# Quicker than for a person at the keyboard.
BOOT = "import safestart\nsafestart._PAUSE = 0\n"
SECRETS = """
WIFI_SSID = "here"
WIFI_PASS = "its password"
DEVICE_ID = "ef77wer8-0432-4574-85e1-54e3d5cac861"
SECRET_KEY = "TQHFHEKKKLSYMPB1OZLF"
CLOUD_SERVER = "127.0.0.1"
CLOUD_PORT = 1
"""
GOOD = """
from sideboard import ArduinoCloudClient
client = ArduinoCloudClient()

client.register("led", value=False, on_write=print)
client.start()
"""
RAISES = GOOD.replace("value=False", "value=nothing")
LASTS = "import safestart\nsafestart._WELL = 0.5\n" + GOOD  # a short minute
SYNTAX = "import sideboard\nif True\n    pass\n"
HANGS = """
import machine
from sideboard import ArduinoCloudClient
machine.WDT(timeout=300)
while True:
    pass
"""
PLAIN = "import machine\nprint('plain runs')\nmachine.reset()\n"
NAME_ERROR = "line 5: NameError: name 'nothing' isn't defined (3 times)"


class Flash:
    """The flash of a board, with a boot.py, and how it is started."""

    def __init__(self, folder, modules):
        self.flash = folder / "flash"
        self.flash.mkdir()
        self.note = self.flash / "start.note"
        (self.flash / "boot.py").write_text(BOOT)
        self._folder, self._modules = folder, modules

    def start(self, script, secrets=SECRETS):
        (self._folder / "script.py").write_text(script)
        (self._folder / "secrets.py").write_text(secrets)
        secrets = self._folder / "secrets.py"
        script = self._folder / "script.py"
        return Board(script, secrets, flash=self.flash, library=self._modules, boot=True)

    def noted(self):
        return self.note.read_text() if self.note.exists() else None


@pytest.fixture(scope="session")
def firmware(tmp_path_factory):
    """A folder of all modules that a firmware freezes."""
    folder = tmp_path_factory.mktemp("firmware")
    library.compile_into(folder / "modules", frozen.modules(folder / "micropython"))
    return folder / "modules"


@pytest.fixture
def sources(tmp_path):
    """The flash of a board whose modules can be changed by a script."""
    return Flash(tmp_path, None)


@pytest.fixture(params=["sources", "frozen"])
def flash(request, tmp_path):
    """Of a board that has Sideboard as sources, and of one with a firmware."""
    modules = request.getfixturevalue("firmware") if request.param == "frozen" else None
    return Flash(tmp_path, modules)


def status_of(board):
    board.wait_for("Dashboard:", timeout=20)
    return board.page.get("/api/status")


def log_of(board):
    with urllib.request.urlopen(board.page.url + "/api/log", timeout=5) as answer:
        return answer.read().decode()


def asked(board, method, path, body=None):
    """What the owner is answered."""
    login = {"Authorization": f"Basic {base64.b64encode(b':of the page').decode()}"}
    request = urllib.request.Request(board.page.url + path, body, login, method=method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read()


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    "script, why",
    [
        (RAISES, NAME_ERROR),
        (SYNTAX, "line 2: SyntaxError: invalid syntax (3 times)"),
        ("import nosuch\n", "line 1: ImportError: no module named 'nosuch' (3 times)"),
        (HANGS, "it was reset within a minute 3 times"),
        ("import sideboard\n", "RuntimeError: it ended (3 times)"),
        ("", "RuntimeError: it ended (3 times)"),
    ],
    ids=["raises", "no syntax", "a plain script that raises", "hangs under a watchdog", "ends", "empty"],
)
def test_script_that_fails_three_times_is_left_out_and_the_page_says_why(flash, script, why):
    with flash.start(script) as board:
        status = status_of(board)
        assert status["error"] == f"main.py was left out: {why}"
        assert status["cloud"] == "offline"
        assert status["address"] == "127.0.0.1"
        assert board.page.get("/api/variables") == {}
        assert board.output.count("MPY: ") == 3, board.output


def test_log_of_the_rescue_tells_the_traceback(flash):
    with flash.start(RAISES) as board:
        status_of(board)
        text = log_of(board)
        assert text.startswith("ERROR The last start failed: Traceback (most recent call last):\n"), text
        assert 'File "main.py", line 5, in <module>\n' + NAME_ERROR[8:-10] in text
        with board.page.follow() as page:
            assert page.log(text) == text


def test_script_that_fails_twice_and_then_runs_is_not_left_out(flash):
    script = "import os\n" + GOOD.replace("value=False", "value=len(os.stat('ready'))")
    with flash.start(script) as board:
        board.wait_for("Restart", timeout=20, count=1)
        assert flash.noted()[0] in "12"
        (flash.flash / "ready").touch()
        status = status_of(board)
        assert status["error"] is None or "main.py" not in status["error"]
        assert board.page.value("led") == 10
        assert "The last start failed: Traceback" in log_of(board)


def test_mended_script_runs_after_a_restart(flash):
    with flash.start(RAISES) as board:
        status_of(board)
    with flash.start(GOOD) as board:
        board.wait_for("Dashboard:", timeout=20)
        assert board.page.value("led") is False


@pytest.mark.parametrize("script", [RAISES, SYNTAX, HANGS], ids=["raises", "no syntax", "hangs"])
def test_script_is_mended_from_the_page(flash, script):
    with flash.start(script, SECRETS + 'DASHBOARD_PASSWORD = "of the page"\n') as board:
        board.wait_for("Dashboard:", timeout=20)
        assert "main.py was left out" in json.loads(asked(board, "GET", "/api/status"))["error"]
        asked(board, "PUT", "/api/files/main.py", GOOD.encode())
        asked(board, "POST", "/api/restart", b"")
        board.wait_for("Dashboard:", timeout=20, count=2)
        assert json.loads(asked(board, "GET", "/api/variables/led"))["value"] is False


def test_after_a_rescue_the_script_has_one_try(flash):
    with flash.start(RAISES) as board:
        status_of(board)
    with flash.start(RAISES) as board:
        assert NAME_ERROR in status_of(board)["error"]
        assert board.output.count("MPY: ") == 1, board.output


def test_start_that_lasts_forgets_the_failures(sources):
    sources.note.write_text("2")
    with sources.start(LASTS) as board:
        board.wait_for("Dashboard:", timeout=20)
        wait_until(lambda: sources.noted() is None)


def test_rescue_that_lasts_forgets_nothing(sources):
    with sources.start(RAISES) as board:
        status_of(board)
        assert sources.noted().startswith("2Traceback")


def test_while_it_is_not_known_whether_it_lasts_the_start_is_noted(flash):
    with flash.start(GOOD) as board:
        board.wait_for("Dashboard:", timeout=20)
        assert flash.noted() == "1"


def test_plain_script_may_be_reset_as_often_as_it_likes(flash):
    with flash.start(PLAIN) as board:
        board.wait_for("plain runs", timeout=20, count=8)
        assert flash.noted() is None
        board.kill()


def test_script_that_ends_leaves_no_note(flash):
    with flash.start("import time\nprint('done', __name__, sorted(globals())[-1])\n") as board:
        assert board.wait(20) == 0
        assert "done __main__ time" in board.output
    assert flash.noted() is None
    assert not (flash.flash / "start.note.new").exists()


def test_script_is_run_where_it_lies(flash):
    with flash.start("import os\nprint('in', os.getcwd(), open('secrets.py').read(1) == '\\n')\n") as board:
        assert board.wait(20) == 0
        assert f"in {flash.flash} True" in board.output


def test_soft_reset_gets_plain_micropython(flash):
    script = "import machine, sideboard\nif machine.reset_cause() != 5:\n    machine.soft_reset()\nnothing\n"
    with flash.start(script) as board:
        assert board.wait(20) == 1
        assert board.output.rstrip().endswith("NameError: name 'nothing' isn't defined")
        assert "Restart" not in board.output
        board.kill()
    assert flash.noted() is None


@pytest.mark.parametrize("content", ["", "x", "\xff\xfe", "9" * 3000, "1" + "\xe2", "0", "-1"])
def test_broken_note_hinders_nothing(flash, content):
    flash.note.write_bytes(content.encode("latin-1"))
    with flash.start(RAISES) as board:
        status = status_of(board)
    assert status["error"].startswith("main.py was left out: ")


def test_power_cut_while_the_note_is_written(tmp_path):
    """Whatever is there of the new one: what counts is the old one, or the whole new one."""
    note = "2Traceback"
    for length in range(len(note) + 1):
        folder = tmp_path / str(length)
        folder.mkdir()
        flash = Flash(folder, None)
        flash.note.write_text("2")
        (flash.flash / "start.note.new").write_text(note[:length])
        script = "import sideboard\nprint(open('start.note').read())\nraise SystemExit\n"
        with flash.start(script) as board:
            assert board.wait(20) == 0
            assert board.output.splitlines() == ["3"]


@pytest.mark.parametrize(
    "text",
    ["from secrets import DEVICE_ID, WIFI_SSID", "raise ImportError(\"no module named 'secrets'\")"],
    ids=["a name in them", "all"],
)
def test_script_that_misses_settings_gets_the_setup(flash, text):
    with flash.start(f"# sideboard\n{text}\n", secrets="") as board:
        board.wait_for("Wi-Fi: access point sideboard-de0b is open", timeout=20)
        assert "Restart" not in board.output
        assert flash.noted() is None


@pytest.mark.parametrize(
    "broken, why",
    [
        ('WIFI_SSID = "here"\nWIFI_PASS = "its\n', "line 2: SyntaxError: invalid syntax"),
        ("DASHBOARD = 1\n", "DASHBOARD must be True or False, not 1"),
    ],
    ids=["no syntax", "a wrong setting"],
)
def test_board_whose_secrets_are_broken_asks_anew(flash, broken, why):
    breaks = f"with open('secrets.py', 'w') as file:\n    file.write({broken!r})\n"
    with flash.start(breaks + GOOD) as board:
        board.wait_for(f"secrets.py was set aside as secrets.old: {why}", timeout=40)
        board.wait_for("Wi-Fi: access point sideboard-de0b is open", timeout=20)
        assert board.output.count("Restart in") == 3
    assert (flash.flash / "secrets.old").read_text() == broken
    assert not (flash.flash / "secrets.py").exists()


def test_full_flash_hinders_no_script_and_one_that_fails_gets_its_page(flash):
    (flash.flash / "start.note.new").mkdir()  # so the note cannot be written
    with flash.start(GOOD) as board:
        assert status_of(board)["cloud"] != "offline" or "left out" not in status_of(board)["error"]
    with flash.start(RAISES) as board:
        assert NAME_ERROR in status_of(board)["error"]


def test_long_exception_is_cut(flash):
    with flash.start("raise ValueError('ä' * 10000)\n") as board:
        error = status_of(board)["error"]
    assert error.endswith("ä (3 times)") and len(error) < 600


def test_what_the_page_says_is_json_whatever_the_exception_says(flash):
    with flash.start("raise ValueError(chr(27) + '\\n\"\\\\' + chr(0xD83D))\n") as board:
        error = json.loads(json.dumps(status_of(board)["error"]))
    assert "main.py was left out" in error


@pytest.mark.parametrize("name", ["dashboard.json", "sideboard.json", "sideboard.new"])
def test_file_that_memory_does_not_hold_hinders_no_start(sources, name):
    (sources.flash / name).write_text('{"widgets": [' + '{"a": {}}, ' * 40000 + "{}]}")
    with sources.start(GOOD) as board:
        status_of(board)
        assert board.page.value("led") is False


@pytest.mark.parametrize("text", ["a diary\nMonday\n", "\n", "\xff"])
def test_journal_that_is_none_hinders_no_start(sources, text):
    (sources.flash / "journal.txt").write_bytes(text.encode("latin-1"))
    with sources.start(GOOD) as board:
        status_of(board)
        assert board.page.value("led") is False


@pytest.fixture
def with_script(tmp_path):
    """The flash of a board with a script in its firmware."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "main.py").write_text("# One.\nprint('frozen', __name__)\nnothing\n")
    modules = frozen.modules(tmp_path / "micropython", main=str(own))
    script = {"frozen_main.py": modules.pop("frozen_main.py")}
    library.compile_into(tmp_path / "modules", modules)
    library.compile_into(tmp_path / "modules", script, level=2)
    return Flash(tmp_path, tmp_path / "modules")


def test_script_of_the_firmware_is_left_out_too(with_script):
    gone = "import machine, os\nos.remove('main.py')\nmachine.reset()\n"
    with with_script.start(gone) as board:
        status = status_of(board)
        assert board.output.count("frozen __main__\n") == 3
    assert (
        status["error"] == "main.py was left out: line 3: NameError: name 'nothing' isn't defined (3 times)"
    )


def test_script_on_the_flash_comes_before_that_of_the_firmware(with_script):
    with with_script.start("print('on the flash')\n") as board:
        assert board.wait(20) == 0
        assert board.output == "on the flash"


def test_firmware_without_any_script_serves_its_page(tmp_path, firmware):
    flash = Flash(tmp_path, firmware)
    gone = "import machine, os\nos.remove('main.py')\nmachine.reset()\n"
    with flash.start(gone) as board:
        assert status_of(board)["error"] == "main.py was left out: there is none"
