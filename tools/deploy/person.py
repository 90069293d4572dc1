"""Who sits before the board: answers questions; in a dry run only hears them."""

import getpass
import sys

from . import DeployError

SECRETS = "put a secrets.py with the settings into this folder"


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

    def password(self, question):
        """The answer, in a dry run, too."""
        return Person(False, self._yes).tells(question, True, True, "set PASSWORD, or name a PASSWORD_FILE")

    def tells(self, question, hidden=False, needed=False, otherwise=SECRETS):
        """The answer, "" in a dry run; one that is needed is asked for until it comes.

        otherwise: what to do where nobody answers.
        """
        if self._dry_run:
            print(f"Would ask: {question}")
            return ""
        if self._yes:
            raise DeployError(f"YES=1 does not answer “{question}”: {otherwise}.")
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
