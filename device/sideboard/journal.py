"""Files that wait beside those that they replace get their names: all of them, whenever the plug is pulled.

What is decided stands in a journal, a line for each: "HASH NAME", or "- NAME" for one that goes. This needs
nothing else of the package: what runs before a script finishes by it what a pulled plug left.
"""

import os

JOURNAL = "journal.txt"
NEXT = ".next"  # ends the name of a file that waits
_ENOENT = 2


def finish():
    """Does what the journal says, if there is one. OSError when it cannot: the journal stays."""
    try:
        journal = open(JOURNAL)
    except OSError:
        return
    with journal:
        for line in journal:
            mark, name = line.rstrip().split(" ", 1)
            try:
                if mark == "-":
                    remove(name)
                else:
                    os.rename(name + NEXT, name)  # FAT removes the old one first; then this does it again
            except OSError as error:
                if error.errno != _ENOENT:  # that was done before
                    raise
    os.remove(JOURNAL)


def remove(name):
    """Removes a file, with its folder if that is empty then: it would hide a package of its name."""
    os.remove(name)
    try:
        os.rmdir(name[: name.rindex("/")])
    except (OSError, ValueError):
        pass  # there is more in it, or it is in none


def is_folder(name):
    try:
        return os.stat(name)[0] & 0x4000
    except OSError:
        return False
