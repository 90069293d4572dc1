"""Who sits before the board: answers questions; in a dry run only hears them."""

import getpass
import sys

from . import DeployError


class Person:
    def __init__(self, dry_run):
        self._dry_run = dry_run

    def agrees(self, question, default=False):
        """Whether the answer is yes; in a dry run, and to the Enter key, `default`."""
        answer = self.tells(f"{question} [{'Y/n' if default else 'y/N'}]").lower()
        return answer in ("y", "yes") if answer else default

    def tells(self, question, hidden=False, needed=False):
        """The answer, "" in a dry run; one that is needed is asked for until it comes."""
        if self._dry_run:
            print(f"Would ask: {question}")
            return ""
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
