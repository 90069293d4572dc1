"""The dashboard: serves the page, its WebSocket and the HTTP interface, on microdot."""

import asyncio
import errno
import gc
import json
from binascii import a2b_base64, hexlify

from microdot import Microdot, Request, Response
from microdot.microdot import urldecode

from .compat import close, log, no_delay, uptime
from .layout import LARGEST, Layout
from .page import Connection, Page, described
from .variables import DASHBOARD, ReadOnly

_FOLDER = __file__.rsplit("/", 1)[0] + "/"
_IMAGES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
_CONNECTIONS = 6  # a board has 8 to 16 sockets in all

_ERRORS = {400: "bad request", 404: "not found", 405: "not allowed", 413: "too large", 500: "internal error"}

Request.max_body_length = 4096
Request.max_content_length = LARGEST


def _refusal(error):
    """The HTTP status of a write that was not taken."""
    return 403 if isinstance(error, ReadOnly) else 409 if isinstance(error, TypeError) else 422


class Dashboard:
    """Serves the registry to browsers and programs.

    password: asked of every visitor, with any user name; folder: where the layout and the images are, with
    a "/" at its end, or "" for the current one.
    """

    def __init__(self, registry, port=80, host="0.0.0.0", password=None, folder=""):
        self.registry = registry
        self._folder = folder
        self._layout = Layout(folder)
        self._port = port
        self._host = host
        self._password = password
        self._connections = []
        self._app = self._routes()

    def keep_history(self):
        """Keeps the past of the variables that a chart shows, from now on."""
        charted = self._layout.charted()
        names = [v.name for v in self.registry if v.name in charted or v.options.get("widget") == "Chart"]
        if names and not self.registry.history:
            from .history import History  # loaded only where something is charted

            History(self.registry)
        if self.registry.history:
            self.registry.history.follow(names)

    def url(self, address):
        return "http://%s%s/" % (address, "" if self._port == 80 else ":%d" % self._port)

    async def listen(self):
        """Starts to serve; returns asyncio's server. OSError when the port is not to be had."""
        return await asyncio.start_server(self._connected, self._host, self._port)

    async def serve(self):
        """Runs until cancelled; ends with a line in the log when the port is not to be had."""
        try:
            server = await self.listen()
        except OSError as error:
            reason = "in use" if error.errno == errno.EADDRINUSE else "not to be had (%s)" % error
            log.error("No dashboard: port %d is %s; set DASHBOARD_PORT", self._port, reason)
            return
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for connection in self._connections:
                connection.task.cancel()

    async def _connected(self, reader, writer):
        no_delay(writer)
        connection = Connection(reader, writer)
        self._make_room()
        self._connections.append(connection)
        watch = asyncio.create_task(connection.watch())
        try:
            await self._app.handle_request(connection, connection)
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # gone, or silent for too long
        finally:
            watch.cancel()
            if connection in self._connections:
                self._connections.remove(connection)
            close(writer)

    def _make_room(self):
        if len(self._connections) >= _CONNECTIONS:
            spare = [c for c in self._connections if not c.page]
            oldest = (spare or self._connections)[0]
            self._connections.remove(oldest)
            oldest.task.cancel()

    def _routes(self):
        app = Microdot()
        registry = self.registry

        @app.before_request
        async def check_password(request):
            if self._password and not self._knows_password(request):
                return {"error": "wrong password"}, 401, {"WWW-Authenticate": 'Basic realm="Sideboard"'}

        @app.get("/")
        async def page(request):
            return _asset(request, "page.html.gz", "text/html; charset=UTF-8")

        @app.get("/editor.js")
        async def editor(request):
            return _asset(request, "editor.js.gz", "text/javascript; charset=UTF-8")

        @app.get("/files/<re:[-\\w.]+:name>")
        async def image(request, name):
            try:
                kind = _IMAGES[name.rsplit(".", 1)[-1].lower()]
                return Response.send_file(self._folder + "files/" + name, content_type=kind)
            except (KeyError, OSError):
                return await _error_page(404)(request)

        @app.get("/ws")
        async def ws(request):
            origin = request.headers.get("Origin")
            if origin and origin.split("//")[-1] != request.headers.get("Host"):
                return {"error": "this page comes from elsewhere"}, 403
            page = Page(request, registry, self._layout)
            await page.handshake()
            request.sock[0].page = page
            await page.serve()
            return Response.already_handled

        @app.get("/api/variables")
        async def all_variables(request):
            return {variable.name: described(variable) for variable in registry}

        @app.route("/api/variables/<path:name>", methods=["GET", "PUT"])
        async def one_variable(request, name):
            try:
                name = urldecode(name.replace("+", "%2B"))  # microdot decodes as in a query
            except ValueError:
                pass  # not encoded well: no such variable
            if name not in registry:
                return {"error": "there is no variable %s" % name}, 404
            variable = registry[name]
            if request.method == "PUT":
                if request.content_length > Request.max_body_length:
                    return await app.error_handlers[413](request)
                try:
                    value = json.loads(request.body)
                except (ValueError, RuntimeError):
                    return {"error": "the body is not JSON"}, 400
                try:
                    registry.write(variable, value, DASHBOARD)
                except (ReadOnly, TypeError, ValueError) as error:
                    return {"error": str(error)}, _refusal(error)
            return described(variable)

        @app.get("/api/dashboard")
        async def layout(request):
            file = self._layout.open()
            if not file:
                return {"error": "the layout is automatic"}, 404
            return Response(file, 200, {"Content-Type": "application/json"})

        @app.route("/api/dashboard", methods=["PUT", "DELETE"])
        async def save_layout(request):
            return await self._save_layout(request)

        @app.get("/api/status")
        async def status(request):
            return self._status()

        for code in _ERRORS:
            app.error_handlers[code] = _error_page(code)
        return app

    async def _save_layout(self, request):
        if request.method == "DELETE":
            self._layout.remove()
        else:
            try:
                await self._layout.save(request.stream.readexactly, request.content_length)
            except ValueError as error:
                return {"error": str(error)}, 400
        self.keep_history()
        for connection in self._connections:
            if connection.page:
                connection.page.show_layout()
        return {"saved": True}

    def _status(self):
        status = dict(self.registry.status)
        status["uptime"] = uptime()
        status["free"] = gc.mem_free() if hasattr(gc, "mem_free") else None
        return status

    def _knows_password(self, request):
        kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
        try:
            given = a2b_base64(credentials).decode()
        except ValueError:
            return False
        return kind == "Basic" and given.partition(":")[2] == self._password


def _asset(request, name, kind):
    """A gzip file of this package; a browser that has it is told so."""
    file = open(_FOLDER + name, "rb")
    file.seek(-8, 2)  # gzip ends with the checksum and the length of what it holds
    tag = '"%s"' % hexlify(file.read()).decode()
    file.seek(0)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == tag:
        file.close()
        return Response("", 304, headers)
    headers["Content-Type"] = kind
    headers["Content-Encoding"] = "gzip"
    return Response(file, 200, headers)


def _error_page(code):
    async def handler(request):
        unread = request.content_length if code == 413 else 0
        while unread > 0:  # closing before it is read would take the answer away
            await request.stream.readexactly(min(unread, 512))
            unread -= 512
        return {"error": _ERRORS[code]}, code

    return handler
