"""Puts the names in a board's messages that its short names stand for.

`.venv/bin/python -m tools.joined.told [FILE]` does so with what is pasted, or comes from a file by `<`. FILE:
the names.txt of the board's modules; without it that of those that were made last.
"""

import re
import sys
from pathlib import Path

NAMES = Path(".build/joined/names.txt")  # in the project's folder
# Where MicroPython shows a name, and which ones it may be, the likely first.
_SHOWN = (
    (r'(?<=File ")((?:sideboard/\w+\.py|\w+)", line \d+, in )(\w+)', ["function"]),  # frozen, or by itself
    (r"()(?<=')(\w+)(?=' object )", ["function"]),
    (r"(no attribute ')(\w+)(?=')", ["attribute", "function"]),
    (r"(\bname ')(\w+)(?=')", ["variable", "function"]),
)


def read(file):
    """{(kind, short): name, …} of a names.txt; nothing when there is none."""
    lines = (line.split() for line in file.read_text().splitlines()) if file.is_file() else ()
    return {(kind, short): name for short, kind, name in lines}


def told(text, names):
    """The text with names such as read() returns."""
    for pattern, kinds in _SHOWN:

        def whole(match, kinds=kinds):
            found = [names[kind, match[2]] for kind in kinds if (kind, match[2]) in names]
            return match[1] + (found or [match[2]])[0]

        text = re.sub(pattern, whole, text)
    return text


if __name__ == "__main__":
    known = read(Path(sys.argv[1]) if sys.argv[1:] else NAMES)
    for line in sys.stdin:
        print(told(line, known), end="")
