"""Shows the board's log until it says where its page is."""

import re

import segno

from . import DeployError

SECONDS = 75  # joining a Wi-Fi takes 15, and the board's own opens after 20
_AGAIN = "make deploy SECRETS=1 asks for the settings again."
_HINTS = (
    ("Wi-Fi: .* does not let the board in", f"Is your Wi-Fi near, and of 2.4 GHz? {_AGAIN}"),
    ("^Sideboard: ", f"A setting is missing or wrong, as it says above: {_AGAIN}"),
    ("MemoryError|memory allocation failed", "It has too little memory for this main.py and Sideboard."),
    ("Error: ", "Its program ended by the error above."),
)
_NO_HINT = "Does its main.py start Sideboard, and log (logging.basicConfig(level=logging.INFO))?"


def page_address(board, seconds=SECONDS):
    """The page's address, and the name of the board's own Wi-Fi or None, from what it prints at its start."""
    print("The board's log:", flush=True)
    own_wifi = None
    log = []
    for line in board.lines(seconds):
        print(f"  {line}", flush=True)
        log.append(line)
        point = re.search(r"access point (\S+) is open", line)
        own_wifi = point[1] if point else own_wifi
        address = re.search(r"Dashboard: (http://\S+)", line)
        if address:
            return address[1], own_wifi
    raise DeployError(f"The board does not say where its page is. {hint(log)}")


def hint(log):
    for pattern, sentence in _HINTS:
        if any(re.search(pattern, line) for line in log):
            return sentence
    return _NO_HINT


def show(address, own_wifi):
    if own_wifi:
        print(f"The board is not in your Wi-Fi but has opened its own, {own_wifi}: join that first.")
        print(f"If the name or the password of your Wi-Fi is wrong: {_AGAIN}")
    print(f"\nThe board's page: {address}\n")
    segno.make(address, micro=False).terminal(compact=True)
