"""Files that wait beside those that they replace get their names: all of them, whenever the plug is pulled.

What is decided stands in a journal, a line for each: "HASH NAME" or "+ NAME", or "- NAME" for one that goes.
It is a module of its own, which needs no other: a start finishes by it, before any script, what a pulled plug
left.
"""

import os

JOURNAL = "journal.txt"
NEXT = ".next"  # ends the name of a file that waits


def take(name):
    """Gives what waits as NAME.next its name."""
    with open(JOURNAL + NEXT, "w") as file:
        file.write("+ " + name)
    os.rename(JOURNAL + NEXT, JOURNAL)
    finish()


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
                if error.errno != 2:  # ENOENT: that was done before
                    raise
    os.remove(JOURNAL)


def remove(name):
    """Removes a file, with its folder if that is empty then: it would hide a package of its name."""
    try:
        os.remove(name)
    finally:
        try:
            os.rmdir(name[: name.rindex("/")])
        except (OSError, ValueError):
            pass  # there is more in it, or it is in none
