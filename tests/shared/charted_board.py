"""A board whose variables have any past that a test wants, for the pages of every engine."""

import gzip
import json
import threading

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Response
from websockets.sync.server import serve

from tools import web

STATUS = {"title": "shed", "cloud": "offline", "error": None}
ASSETS = {"/": (web.PAGE, "text/html; charset=UTF-8"), "/more.js": (web.MORE, "text/javascript")}
STEPS = 5, 60, 1440, 10080  # s, of the ranges 0 to 3


class ChartedBoard:
    """Serves the page with these variables and this layout.

    `past(name, range)` returns {"step", "age", "points"}, or None for no answer; `asked` are the (name,
    range) that pages asked for, oldest first, and `written` their writes.
    """

    def __init__(self, variables, layout, past):
        self._variables = {it["name"]: dict(it) for it in variables}
        self._layout = layout
        self.past = past
        self.asked = []
        self.written = []
        self._sockets = []
        self._server = serve(self._talk, "127.0.0.1", 0, process_request=self._give)
        self.url = f"http://127.0.0.1:{self._server.socket.getsockname()[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self.leave()
        self._server.shutdown()

    def leave(self):
        """Ends all connections; the pages come back."""
        for socket in self._sockets:
            socket.close()

    def say(self, name, value):
        """A variable has another value."""
        self._variables[name]["value"] = value
        for socket in self._sockets:
            self._send(socket, {"variables": [self._variables[name]]})

    def _give(self, connection, request):
        path = request.path.partition("?")[0]
        if path == "/ws":
            return None
        if path not in ASSETS:
            return connection.respond(404, '{"error": "Not found"}')
        file, kind = ASSETS[path]
        body = gzip.decompress(file.read_bytes())
        headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"})
        return Response(200, "OK", headers, body)

    def _talk(self, socket):
        socket.send("L" + json.dumps(self._layout))
        self._send(socket, {"variables": list(self._variables.values()), "status": STATUS})
        self._sockets.append(socket)
        try:
            for text in socket:
                self._hear(socket, json.loads(text))
        finally:
            self._sockets.remove(socket)

    def _hear(self, socket, message):
        answer = {"id": message["id"]}
        if "history" in message:
            name, number = message["history"], message["range"]
            self.asked.append((name, number))
            past = self.past(name, number)
            if past is None:
                return
            answer["history"] = {"name": name, "range": number, **past}
        elif "name" in message:
            self.written.append((message["name"], message["value"]))
        self._send(socket, answer)

    def _send(self, socket, message):
        try:
            socket.send(json.dumps(message))
        except ConnectionClosed:
            pass  # it has gone


def number(name, value, **options):
    return {"name": name, "type": "float", "value": value, "writable": False, "options": options}


def told(step, points, age=1.0):
    """What a board answers: the past in a range; 60 points at most."""
    return {"step": step, "age": age, "points": points}
