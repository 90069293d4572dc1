"""A login at a board's page, and requests in it; every failure is a DeployError."""

import contextlib
import hashlib
import hmac
import http.client
import json
import time

from . import DeployError

_PATIENCE = 20  # seconds for an answer, and for a board whose places are all taken
_IS_BACK = 2  # seconds for an answer of a board that may not yet be back
_TRIES = 5  # somebody else may log in at the same moment


class Gone(DeployError):
    """Nobody answers."""


class WrongPassword(DeployError):
    """It is none, or a guest's."""


class Session:
    """host: as in an address, with the port if it is not 80; ask_password: gives the owner's."""

    password = None  # once it was needed
    title = ""

    def __init__(self, host, ask_password):
        self.host = host
        self._ask_password = ask_password
        self._headers = {}
        self._was_away = False

    def open(self):
        """Logs in, if the board has a password."""
        self._headers = {}
        status, answer = self.ask("GET", "/api/status")
        known = json_of(answer)
        if status == 421:
            raise DeployError(f"The board at {self.host} has another name: {known.get('error')}.")
        if status == 200 and "protocol" in known:
            return  # it has none
        if status != 401 or not self._challenge():
            raise DeployError(f"What answers at {self.host} is no Sideboard.")
        if self.password is None:
            self.password = self._ask_password()
        for _ in range(_TRIES):
            status, answer, headers = self._answer_challenge()
            if status != 409:
                break
        if status == 401:
            raise WrongPassword(f"That is not the password of the board at {self.host}.")
        if status != 200:
            raise self.refused(answer)
        if json_of(answer).get("user") != "owner":
            raise WrongPassword(
                f"That is the guests' password of the board at {self.host}: its owner's is needed."
            )
        self._headers = {"Cookie": headers["Set-Cookie"].partition(";")[0]}

    def _challenge(self):
        login = json_of(self.ask("GET", "/login")[1])
        self.title = login.get("title")
        challenge = login.get("challenge")
        return challenge if isinstance(challenge, str) else ""

    def _answer_challenge(self):
        """So the password does not travel."""
        challenge = self._challenge()
        answer = hmac.new(self.password.encode(), challenge.encode(), hashlib.sha256).hexdigest()
        body = json.dumps({"challenge": challenge, "answer": answer}).encode()
        return self._request("POST", "/login", body)

    def has_ended(self):
        """Whether the board has started again: it knows no session then, or, without a password, was away."""
        try:
            status, _, _ = self._request("GET", "/api/status", patience=_IS_BACK)
        except Gone:
            self._was_away = True
            return False
        return status == 401 or status == 200 and self._was_away

    def refused(self, answer):
        """The error that says why the board refuses."""
        return DeployError(f"The board at {self.host} refuses: {json_of(answer).get('error', answer)}.")

    def ask(self, method, path, body=None, **headers):
        """(status, body) of the answer. Gone when there is none."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            headers = {name.replace("_", "-"): text for name, text in headers.items()}
            status, answer, told = self._request(method, path, body, headers)
            if status != 503 or time.monotonic() > deadline:
                return status, answer
            time.sleep(int(told.get("Retry-After", 1)))

    def _request(self, method, path, body=None, headers=(), patience=_PATIENCE):
        try:
            connection = http.client.HTTPConnection(self.host, timeout=patience)
            with contextlib.closing(connection):
                connection.request(method, path, body, {**self._headers, **dict(headers)})
                answer = connection.getresponse()
                return answer.status, answer.read(), answer.headers
        except http.client.InvalidURL:
            raise DeployError(f"HOST={self.host} is no name or address of a board.") from None
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise Gone(
                f"Nobody answers at {self.host} ({error or type(error).__name__}): is the board switched on "
                "and in this network, and is that its name?"
            ) from None


def json_of(answer):
    """The object in an answer, {} if it holds none."""
    try:
        value = json.loads(answer)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
