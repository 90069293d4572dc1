"""The simulated board's command: what it runs, how it ends, what resets do."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from starting import Boards

from tools import ROOT


@pytest.fixture
def board(tmp_path):
    boards = Boards(tmp_path)
    yield boards
    boards.end()


def test_runs_the_script_as_main_with_the_settings(board):
    script = "import sys, secrets\nprint(__name__, __file__, secrets.DEVICE_ID, sys.implementation.name)\n"
    assert board.lines(script, secrets="DEVICE_ID = 'me'") == ["__main__ main.py me micropython"]


def test_script_is_copied_byte_for_byte(board):
    script = "# é\n\nprint(open(__file__, 'rb').read())  # no newline at the end"
    assert board.lines(script) == [repr((board.folder / "main.py").read_bytes())]


def test_traceback_has_the_line_of_the_script(board):
    lines = board.lines("\n\nraise ValueError('here')\n", code=1)
    assert lines[1:] == ['  File "main.py", line 3, in <module>', "ValueError: here"]


def test_exit_code_is_the_scripts(board):
    board.run("import sys\nsys.exit(7)", code=7)


def test_crash_of_the_interpreter_is_told(board):
    _, errors = board.run("import os\nos.system('kill -SEGV $PPID')", code=128 + signal.SIGSEGV)
    assert errors == "MicroPython was ended by SIGSEGV.\n"


def test_output_comes_at_once(board):
    process = board.start("import time\nprint('now')\ntime.sleep(600)")
    assert process.stdout.readline() == "now\n"
    assert process.poll() is None


@pytest.mark.parametrize("heap, size", [("100k", 100 << 10), ("1M", 1 << 20), (None, 256 << 10)])
def test_heap_has_the_size_asked_for(board, heap, size):
    script = "import gc\nprint(gc.mem_free() + gc.mem_alloc())"
    (line,) = board.lines(script, *(("--heap", heap) if heap else ()))
    assert size * 0.96 < int(line) <= size


@pytest.mark.parametrize(
    "secrets, options, port",
    [
        ("", (), 8080),
        ("DASHBOARD_PORT = 81", (), 81),
        ("DASHBOARD_PORT = 81", ("--http-port", "82"), 82),
        ("# DASHBOARD_PORT = 81", (), 8080),
    ],
)
def test_dashboard_port(board, secrets, options, port):
    script = "import secrets\nprint(secrets.DASHBOARD_PORT)"
    assert board.lines(script, *options, secrets=secrets) == [str(port)]


def test_certificates_go_along_with_the_secrets(board):
    (board.folder / "ca.der").write_bytes(b"\0\xff")
    assert board.lines("print(open('ca.der', 'rb').read())") == [r"b'\x00\xff'"]


def test_flash_is_temporary(board):
    (folder,) = board.lines("import os\nopen('data', 'w').close()\nprint(os.getcwd())")
    assert not Path(folder).exists()


def test_flash_of_ones_own_stays(board):
    flash = board.folder / "flash"
    board.run("open('data', 'a').write('x')", "--flash", flash)
    assert board.lines("print(open('data').read())", "--flash", flash) == ["x"]


@pytest.mark.parametrize("options", [("no.py", "--secrets", "LICENSE"), ("LICENSE", "--secrets", "no.py")])
def test_missing_file_is_told_in_a_sentence(options):
    command = [sys.executable, "-m", "tools.board", *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", "There is no file no.py.\n")


def test_wrong_heap_is_told_in_a_sentence(board):
    _, errors = board.run("", "--heap", "much", code=2)
    assert errors == "--heap much is no size: write it like 256k.\n"


# Ending and restarting

ENDLESS = """
import os, time
print(os.getcwd())
os.system("echo $PPID")
try:
    while True:
        time.sleep(1)
finally:
    print("not with the power off")
"""


def is_running(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_cleanly(board, number):
    process = board.start(ENDLESS)
    flash, pid = Path(process.stdout.readline().strip()), int(process.stdout.readline())
    process.send_signal(number)
    assert process.communicate() == ("", "")
    assert process.returncode == 0
    assert not flash.exists()
    assert not is_running(pid)


def test_board_dies_with_the_command(board):
    process = board.start(ENDLESS)
    flash, pid = Path(process.stdout.readline().strip()), int(process.stdout.readline())
    process.kill()
    assert process.stdout.read() == ""  # ends when the last process of the board has ended
    assert not flash.exists()
    assert not is_running(pid)


def restarts(reset):
    return f"""
        import machine
        causes = {{machine.PWRON_RESET: "power", machine.HARD_RESET: "hard", machine.SOFT_RESET: "soft",
                  machine.WDT_RESET: "watchdog"}}
        print(causes[machine.reset_cause()])
        if machine.reset_cause() == machine.PWRON_RESET:
            try:
                {reset}
            finally:
                print("finally")
        """


def test_reset_starts_the_script_again(board):
    assert board.lines(restarts("machine.reset()")) == ["power", "MPY: reset", "hard"]


def test_soft_reset_leaves_the_script_properly_first(board):
    lines = board.lines(restarts("machine.soft_reset()"))
    assert lines == ["power", "finally", "MPY: soft reboot", "soft"]


def test_pins_file_is_empty_at_the_start_and_after_a_reset(board):
    pins = board.folder / "pins.json"
    pins.write_text("old")
    board.run("pass", "--pins", pins)
    assert pins.read_text() == "{}"
    board.run(restarts("machine.Pin('LED', machine.Pin.OUT, value=1); machine.reset()"), "--pins", pins)
    assert pins.read_text() == "{}"


def test_watchdog_resets_a_script_that_hangs(board):
    lines = board.lines(restarts("machine.WDT(timeout=50)\n                while True: pass"))
    assert lines == ["power", "MPY: watchdog reset", "watchdog"]


def test_watchdog_that_is_fed_keeps_quiet(board):
    script = """
        import machine, time
        watchdog = machine.WDT(timeout=400)
        for _ in range(10):
            time.sleep_ms(50)
            watchdog.feed()
        print("still here")
        """
    assert board.lines(script) == ["still here"]
