"""HTTP: a request as it comes, and what answers it."""

import json

MOST = 4096  # bytes of a body that comes with its request; a larger one is read in pieces


class Request:
    """A visitor's request.

    headers: by their names in lower case; query_string: what is behind the "?", or ""; max_content_length:
    bytes that a body may have.
    """

    max_content_length = 16384
    body = b""

    async def read(self, visitor):
        """Takes what a visitor says. Raises ValueError if that is no request."""
        self.visitor = visitor
        self.method, place, version = (await visitor.readline()).split()
        if version[:5] != "HTTP/":
            raise ValueError
        self.path, _, self.query_string = place.partition("?")
        self.headers = headers = {}
        line = await visitor.readline()
        while line:
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
            line = await visitor.readline()
        self.content_length = size = int(headers.get("content-length", 0))
        if size and size <= MOST:
            self.body = await visitor.readexactly(size)


class Response:
    """The answer. body: bytes, a file, a generator of texts, a text; a dict or list goes as JSON."""

    is_head = False  # without its body

    def __init__(self, body, status_code=200, headers=None):
        kind = "text/plain"
        if isinstance(body, (dict, list)):
            kind = "application/json"
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        self.body = body
        self.status_code = status_code
        self.headers = {"Content-Type": kind + "; charset=UTF-8"}
        if isinstance(body, bytes):
            self.headers["Content-Length"] = str(len(body))
        self.headers.update(headers or {})
