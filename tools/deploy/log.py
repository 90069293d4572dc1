"""Shows the board's log until it says where its page is, or else asks the board."""

import re
import time

import segno

from tools import ROOT
from tools.joined import told

from . import DeployError

SECONDS = 75  # joining a Wi-Fi takes 15, and the board's own opens after 20
SILENT = 20  # a program that says nothing of ours for so long is interrupted, and asked
_AGAIN = "make deploy SECRETS=1 asks for the settings again."
_HINTS = (
    ("Wi-Fi: .* does not let the board in", f"Is your Wi-Fi near, and of 2.4 GHz? {_AGAIN}"),
    ("^Sideboard: ", f"A setting is missing or wrong, as it says above: {_AGAIN}"),
    ("MemoryError|memory allocation failed", "It has too little memory for this main.py and Sideboard."),
    ("Error: ", "Its program ended by the error above."),
)
_NO_HINT = "Does its main.py start Sideboard, and its page, and is it in a Wi-Fi?"


class Log:
    """What a board prints at its start; address: its page's, own_wifi: the name of the Wi-Fi it opened."""

    def __init__(self, board):
        self._board = board
        self._names = told.read(ROOT / told.NAMES)
        self._lines = []
        self.address = self.own_wifi = None

    def follow(self):
        """Until the board says where its page is, or is asked. DeployError when it has none."""
        print("The board's log:", flush=True)
        silent = self._listen(SILENT)
        if silent and not self._is_ours():
            self._ask()  # a main.py that logs nothing
        if silent and not self.address and self._listen(SECONDS - SILENT):
            self._ask()
        if not self.address:
            raise DeployError(f"The board does not say where its page is. {hint(self._lines)}")

    def _listen(self, seconds):
        """Prints the log; tells whether the program still runs, and has not said it."""
        end = time.monotonic() + seconds
        for line in self._board.lines(seconds):
            line = told.told(line, self._names)
            print(f"  {line}", flush=True)
            self._lines.append(line)
            point = re.search(r"access point (\S+) is open", line)
            self.own_wifi = point[1] if point else self.own_wifi
            address = re.search(r"Dashboard: (http://\S+)", line)
            if address:
                self.address = address[1]
                return False
        return time.monotonic() >= end

    def _is_ours(self):
        """Whether Sideboard has said anything: then it will say where its page is."""
        return any(re.search("(Wi-Fi|Cloud|Dashboard): ", line) for line in self._lines)

    def _ask(self):
        print("It does not say where its page is: asking the board, which starts again.", flush=True)
        self.address, self.own_wifi = self._board.page() or (None, self.own_wifi)
        self._board.restart()


def hint(log):
    for pattern, sentence in _HINTS:
        if any(re.search(pattern, line) for line in log):
            return sentence
    return _NO_HINT


def show(log):
    if log.own_wifi:
        print(f"The board is not in your Wi-Fi but has opened its own, {log.own_wifi}: join that first.")
        print(f"If the name or the password of your Wi-Fi is wrong: {_AGAIN}")
    print(f"\nThe board's page: {log.address}\n")
    segno.make(log.address, micro=False).terminal(compact=True)
