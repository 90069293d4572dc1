"""Who sits before a board that starts safely gets plain MicroPython: by Ctrl-C, Ctrl-D, and tools."""

import os
import select
import shutil
import time

import pytest
from plugged_board import PluggedBoard

from tools import ROOT
from tools.deploy.board import Board

SCRIPT = "# sideboard\nimport machine\nprint('cause', machine.reset_cause())\nwhile True:\n    pass\n"
RAISES = "# sideboard\nprint('runs')\nnothing\n"


class Terminal:
    """Who reads a board's port, and types."""

    def __init__(self, board):
        self._port = os.open(board.port, os.O_RDWR | os.O_NOCTTY)
        self.text = ""

    def wait_for(self, text, seconds=15):
        """Returns all that came before, and forgets it."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert select.select([self._port], [], [], max(0, end - time.monotonic()))[0], self.text
            self.text += os.read(self._port, 4096).decode()
        before, _, self.text = self.text.partition(text)
        return before

    def press(self, key):
        os.write(self._port, key)

    def close(self):
        os.close(self._port)


@pytest.fixture
def board(tmp_path):
    """It has power once its flash has a script."""
    with PluggedBoard(tmp_path / "board") as board:
        board.unplug()
        shutil.copytree(ROOT / "device/safestart", board.flash / "lib/safestart")
        (board.flash / "boot.py").write_text("import safestart\n")
        yield board


@pytest.fixture
def start(board):
    terminals = []

    def start(script):
        (board.flash / "main.py").write_text(script)
        board.plug_in()
        terminals.append(Terminal(board))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


def test_ctrl_c_is_no_failure(board, start):
    terminal = start(SCRIPT)
    terminal.wait_for("cause 1")
    note = board.flash / "start.note"
    assert note.read_text() == "1"
    terminal.press(b"\x03")
    terminal.wait_for("KeyboardInterrupt")
    terminal.wait_for(">>> ")
    assert not note.exists()
    terminal.press(b"import os; print('in', os.getcwd())\r")
    terminal.wait_for(f"in {board.flash}\r\n")


def test_script_that_failed_starts_again_unless_one_presses_ctrl_c(board, start):
    terminal = start(RAISES)
    terminal.wait_for("NameError: name 'nothing' isn't defined")
    terminal.wait_for("Restart in 5 s")
    terminal.wait_for("runs")
    terminal.wait_for("Restart in 5 s")
    assert (board.flash / "start.note").read_text().startswith("2Traceback")
    terminal.press(b"\x03")
    terminal.wait_for(">>> ")
    assert not (board.flash / "start.note").exists()


def test_after_ctrl_d_the_script_runs_plainly(board, start):
    terminal = start(SCRIPT)
    terminal.wait_for("cause 1")
    terminal.press(b"\x03")
    terminal.wait_for(">>> ")
    terminal.press(b"\x04")
    terminal.wait_for("MPY: soft reboot")
    terminal.wait_for("cause 5")
    assert not (board.flash / "start.note").exists()


def test_tools_find_themselves_at_the_root(board, start):
    start(SCRIPT).wait_for("cause 1")
    tool = Board(str(board.port))
    try:
        tool.stop()
        assert tool.ask("os.getcwd()") == str(board.flash)
        assert tool.ask("built_in(['safestart', 'sideboard'])") == []
    finally:
        tool.close()
