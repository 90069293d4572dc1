"""Who sits before the board: answers questions; in a dry run only hears them."""

import getpass
import sys

from . import DeployError


class Person:
    """yes: agrees to everything, as nobody is there."""

    def __init__(self, dry_run, yes=False):
        self._dry_run = dry_run
        self._yes = yes

    def agrees(self, question, default=False):
        """Whether the answer is yes; in a dry run, and to the Enter key, `default`."""
        question = f"{question} [{'Y/n' if default else 'y/N'}]"
        if self._yes and not self._dry_run:
            print(f"{question} yes")
            return True
        answer = self.tells(question).lower()
        return answer in ("y", "yes") if answer else default

    def tells(self, question, hidden=False, needed=False):
        """The answer, "" in a dry run; one that is needed is asked for until it comes."""
        if self._dry_run:
            print(f"Would ask: {question}")
            return ""
        if self._yes:
            raise DeployError(
                f"YES=1 does not answer “{question}”: put a secrets.py with the settings into this folder."
            )
        read = getpass.getpass if hidden and sys.stdin.isatty() else _read
        try:
            answer = read(f"{question} ").strip()
            while needed and not answer:
                answer = read(f"{question} ").strip()
        except EOFError:
            raise DeployError(
                f"Nobody answered “{question}”: run make deploy in a terminal, where it can ask."
            ) from None
        return answer


def _read(question):
    try:
        return input(question)
    finally:
        if not sys.stdin.isatty():
            print()  # nobody pressed Enter
