"""How long the computer, busy with other things, kept a board and its test waiting."""

import os
import time
from pathlib import Path


def waited(*pids):
    """Seconds for which these processes and what they started were ready to run while others ran."""
    seconds = 0
    for pid in pids:
        try:
            seconds += int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:  # not on Linux, or it has ended
            continue
        seconds += waited(*children)
    return seconds


class Answers:
    """How long a board took to answer, in seconds, without what the computer kept it waiting for."""

    def __init__(self, board):
        self.took = []
        self._pids = board.pid, os.getpid()

    def __enter__(self):
        self._began, self._waited = time.monotonic(), waited(*self._pids)

    def __exit__(self, *error):
        delay = waited(*self._pids) - self._waited
        self.took.append(time.monotonic() - self._began - delay)
