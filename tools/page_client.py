"""The page of a board or a cloud, as a program sees it: the HTTP interface and the WebSocket."""

import json
import time
import urllib.error
import urllib.request

from websockets.sync.client import connect


class Page:
    """The HTTP side of a board or a cloud at `port` of this computer."""

    def __init__(self, port):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._socket_url = f"ws://127.0.0.1:{port}/ws"

    def get(self, path="/api/variables"):
        with urllib.request.urlopen(self.url + path, timeout=30) as response:
            return json.load(response)

    def value(self, name):
        return self.get(f"/api/variables/{name}")["value"]

    def put(self, name, value):
        """Writes a variable; returns (HTTP status, answer)."""
        request = urllib.request.Request(
            f"{self.url}/api/variables/{name}", json.dumps(value).encode(), method="PUT"
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def follow(self):
        """An open page, to be used by `with`."""
        return Follower(self._socket_url)

    def wait_for(self, name, value, timeout=60):
        """Waits until the variable has the value (of a composite: the parts given), told by its WebSocket."""
        with self.follow() as page:
            page.wait_for(name, value, timeout)

    def wait_for_status(self, key, value, timeout=60):
        with self.follow() as page:
            page.wait_until(lambda: page.status.get(key) == value, f"status {key} {value!r}", timeout)


class Follower:
    """What a browser on the page knows: `status`, and `variables` by name."""

    def __init__(self, url):
        self.status = {}
        self.variables = {}
        self._asked = 0
        self._socket = connect(url, proxy=None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._socket.close()

    def value(self, name):
        return self.variables.get(name, {}).get("value")

    def wait_for(self, name, value, timeout=60):
        def there():
            now = self.value(name)
            return now == ({**now, **value} if isinstance(now, dict) else value)

        self.wait_until(there, f"{name} {value!r}", timeout)

    def wait_until(self, condition, what, timeout=60):
        deadline = time.monotonic() + timeout
        while not (self.status and condition()):
            try:
                self._take(deadline)
            except TimeoutError:
                known = f"{self.status} {self.variables}"
                raise AssertionError(f"no {what} within {timeout} s: {known}") from None

    def write(self, name, value):
        """Writes a variable as the page does; returns the answer."""
        return self._ask({"name": name, "value": value})

    def past(self, name, ring):
        """The past of a charted variable, as the board answers."""
        return self._ask({"history": name, "range": ring})["history"]

    def _ask(self, question):
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, **question}))
        message = {}
        while message.get("id") != self._asked:
            message = self._take(time.monotonic() + 5)
        return message

    def log(self, text, timeout=60):
        """Asks for the log; returns what came of it until there was this text."""
        deadline = time.monotonic() + timeout
        self._socket.send('{"log": true}')
        told = ""
        while text not in told:
            told += self._take(deadline).get("log", "")
        return told

    def _take(self, deadline):
        text = self._socket.recv(timeout=max(deadline - time.monotonic(), 0))
        message = {} if text.startswith("L") else json.loads(text)  # L: a piece of the layout
        self.status.update(message.get("status", {}))
        self.variables.update({variable["name"]: variable for variable in message.get("variables", ())})
        return message
