"""The dashboard: serves the page, its WebSocket and the HTTP interface, on microdot."""

import asyncio
import gc
import io
import json
from binascii import a2b_base64

from microdot.microdot import Microdot, Request, Response, urldecode
from microdot.websocket import WebSocketError

from .compat import close, first_of, log, no_delay, sleep_ms, uptime
from .page import Connection, charted, described, receive, refused, save
from .variables import Peer

Request.max_body_length = 4096


class Dashboard(Microdot):
    """Serves the registry to browsers and programs.

    password: asked of every visitor, with any user name; folder: where the layout and the images are, with
    a "/" at its end, or "" for the current one.
    """

    def __init__(self, registry, port=80, host="0.0.0.0", password=None, folder=""):
        super().__init__()
        self.registry = registry
        self.port = port
        self.host = host
        self.password = password
        self.folder = folder
        self.layout = folder + "dashboard.json"
        self.visitors = []
        if password:
            self.before_request(self.login)
        for route in (
            "/ asset",
            "/editor.js asset",
            "/files/<name> file",
            "/ws open",
            "/api/variables variable",
            "/api/variables/<path:name> variable GET PUT",
            "/api/dashboard file",
            "/api/dashboard save PUT DELETE",
            "/api/status status",
        ):
            path, handler, *methods = route.split()
            self.route(path, methods)(getattr(self, handler))

    def keep_history(self):
        """Keeps the past of the variables that a chart shows, from now on."""
        registry = self.registry
        try:
            names = charted(self.layout)
        except (OSError, ValueError):
            names = set()  # the layout is automatic
        for variable in registry:
            if variable.options.get("widget") == "Chart":
                names.add(variable.name)
        if names or registry.history:
            from .history import History  # loaded only where something is charted

            registry.history = registry.history or History(registry)
            registry.history.follow(names)

    def url(self, host):
        return "http://%s%s/" % (host, "" if self.port == 80 else ":%d" % self.port)

    def listen(self):
        """Starts to serve; awaited, returns asyncio's server. OSError when the port is not to be had."""
        return asyncio.start_server(self._visit, self.host, self.port)

    async def serve(self):
        """Runs until cancelled; ends with a line in the log when the port is not to be had."""
        try:
            server = await self.listen()
        except OSError as error:
            log.error("No dashboard: port %d is not free (%s); set DASHBOARD_PORT", self.port, error)
            return
        try:
            while True:  # ticks wrap after days, on an idle board, too
                uptime()
                await sleep_ms(86400000)
        finally:
            server.close()
            for connection in self.visitors:
                connection.task.cancel()

    async def _visit(self, reader, writer):
        no_delay(writer)
        connection = Connection(reader, writer)
        visitors = self.visitors
        if len(visitors) > 5:  # a board has 8 to 16 sockets in all; the oldest goes, a page only among pages
            for oldest in visitors:
                if not oldest.peer:
                    break
            else:
                oldest = visitors[0]
            visitors.remove(oldest)
            oldest.task.cancel()
        visitors.append(connection)
        try:
            await first_of(self.handle_request(connection, connection), connection.watch())
            if connection.peer:
                await first_of(
                    connection.watch(),
                    connection.tell(self.registry, self.layout),
                    connection.listen(self.registry),
                )
        except (OSError, EOFError, WebSocketError, asyncio.CancelledError):
            pass  # gone
        except Exception as error:  # memory is short, or a page says what it may not; it may come back
            log.error("A page had to go: %r", error)
        finally:
            if connection in visitors:
                visitors.remove(connection)
            if connection.peer:
                self.registry.peers.remove(connection.peer)
            close(writer)

    async def login(self, request):
        try:
            login = a2b_base64(request.headers.get("Authorization", "")[6:])  # after "Basic "
            if login.endswith((":" + self.password).encode()):
                return
        except ValueError:
            pass  # no Base64
        return {"error": "wrong password"}, 401, {"WWW-Authenticate": 'Basic realm="Sideboard"'}

    async def error_response(self, request, code, reason):
        """What microdot answers, as JSON."""
        if code == 413:  # closing before the body is read would take the answer away
            await receive(request, len)
        texts = {400: "bad request", 404: "not found", 405: "not allowed", 413: "too large"}
        return {"error": texts.get(code, "internal error")}, code

    async def asset(self, request):
        """A gzip file of this package, or of the firmware; a browser that has it is told so."""
        page = request.path == "/"
        try:
            name = "/page.html.gz" if page else "/editor.js.gz"
            file = open(__file__.rsplit("/", 1)[0] + name, "rb")
        except OSError:
            from . import rom

            file = io.BytesIO(rom.PAGE if page else rom.EDITOR)
        file.seek(-8, 2)  # gzip ends with the checksum and the length of what it holds
        tag = '"%s"' % file.read(8).hex()
        headers = {
            "ETag": tag,
            "Cache-Control": "no-cache",
            "Content-Type": "text/%s; charset=UTF-8" % ("html" if page else "javascript"),
            "Content-Encoding": "gzip",
        }
        if request.headers.get("If-None-Match") == tag:
            return file, 304, headers  # at its end: without a body
        file.seek(0)
        return file, headers

    async def file(self, request, name=None):
        try:
            return Response.send_file(self.folder + "files/" + name if name else self.layout)
        except OSError:
            self.abort(404)

    async def open(self, request):
        host = "//" + request.headers.get("Host", "")
        if not request.headers.get("Origin", host).endswith(host):
            return {"error": "page from elsewhere"}, 403
        connection = request.sock[0]
        connection.request = request
        await connection.handshake()
        connection.peer = Peer(self.registry)
        return Response.already_handled

    async def variable(self, request, name=None):
        if name is None:
            answer = {}
            for variable in self.registry:
                answer[variable.name] = described(variable)
            return answer
        try:
            name = urldecode(name.replace("+", "%2B"))  # microdot decodes as in a query
        except ValueError:
            pass  # not encoded well: no such variable
        values = ()
        if request.method == "PUT":
            if request.content_length > Request.max_body_length:
                self.abort(413)
            try:
                values = (json.loads(request.body),)
            except (ValueError, RuntimeError):
                return {"error": "the body is not JSON"}, 400
        return refused(self.registry, name, None, *values) or described(self.registry[name])

    async def save(self, request):
        try:
            await save(request, self.layout)
        except ValueError as error:
            return {"error": str(error)}, 400
        self.keep_history()
        for connection in self.visitors:
            if connection.peer:
                connection.peer.tell(self.layout)
        return {"saved": True}

    async def status(self, request):
        free = gc.mem_free() if hasattr(gc, "mem_free") else None
        return dict(self.registry.status, uptime=uptime(), free=free)
