"""The dashboard: serves the page, its WebSocket and the HTTP interface, on microdot."""

import asyncio
import gc
import json
from binascii import a2b_base64

from microdot.microdot import Microdot, Request, Response, urldecode

from .access import Refused, described, find, write
from .assets import EDITOR, PAGE, send_asset
from .clock import uptime
from .compat import sleep_ms
from .errors import log
from .net import SHARED, connections
from .page import DISPLACED, LAYOUT, Page
from .tasks import first_of
from .visitor import Visitor, receive
from .websocket import WebSocket, WebSocketError

Request.max_body_length = 4096
Response.send_file_buffer_size = 512

_PAGES = 8  # at most, where the network has more
_SPARE_MS = 500  # who said nothing for so long makes room; lwIP tells a request 250 ms late
_NO_ROOM = b"HTTP/1.1 503 Full\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


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
        self.places = _PAGES
        self._turn = asyncio.Lock()
        if password:
            self.before_request(self.check_login)
        self.route("/")(self.send_page)
        self.route("/editor.js")(self.send_page)
        self.route("/files/<name>")(self.send_file)
        self.route("/ws")(self.open_page)
        self.route("/api/variables")(self.send_variables)
        self.route("/api/variables/<path:name>", ["GET", "PUT"])(self.serve_variable)
        self.route("/api/dashboard")(self.send_file)
        self.route("/api/dashboard", ["PUT", "DELETE"])(self.save_layout)
        self.route("/api/status")(self.send_status)

    def keep_history(self):
        """Keeps the past of the variables that a chart shows, from now on."""
        registry = self.registry
        names = set()
        try:
            open(self.layout).close()
            from .layout import charted  # loaded only where there is a layout

            names = charted(self.layout)
        except (OSError, ValueError):
            pass  # the page makes a layout of its own
        for variable in registry.variables.values():
            if variable.options.get("widget") == "Chart":
                names.add(variable.name)
        if names or registry.history:
            from .history import History  # loaded only where something is charted

            registry.history = registry.history or History(registry)
            registry.history.follow(names)

    def url(self, host):
        return "http://%s%s/" % (host, "" if self.port == 80 else ":%d" % self.port)

    async def listen(self):
        """Starts to serve; returns asyncio's server. OSError when the port is not to be had."""
        server = await asyncio.start_server(self._visit, self.host, self.port)
        # But for the cloud, for a look-up of its name, and for a newcomer while all places are taken.
        others = 2 if SHARED else 3
        self.places = max(1, connections(_PAGES + others) - others)
        return server

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
            for visitor in self.visitors:
                visitor.dismiss()

    async def _visit(self, reader, writer):
        visitor = Visitor(reader, writer, self._turn)
        visitors = self.visitors
        visitors.append(visitor)
        try:
            if not self._has_place():
                await visitor.send(_NO_ROOM)
                return
            await first_of(self.handle_request(visitor, visitor), visitor.watch_request(self._is_full))
            page = visitor.page
            if page:
                await first_of(visitor.watch(page.ping), page.send_changes(), page.take_writes())
        except (OSError, EOFError, WebSocketError, asyncio.CancelledError):
            pass  # gone
        except Exception as error:  # memory is short, or a page says what it may not; it may come back
            log.error("A page had to go: %r", error)
        finally:
            visitors.remove(visitor)
            if visitor.page:
                self.registry.peers.remove(visitor.page)
            visitor.close()

    def _has_place(self):
        """Whether a newcomer is heard: one more than there are places. Spare connections make room."""
        visitors = self.visitors
        if len(visitors) <= self.places + 1:
            return True
        for visitor in visitors:
            if not visitor.heard and visitor.age() > _SPARE_MS:
                visitor.dismiss()
                return True
        return False

    def _is_full(self):
        return len(self.visitors) > self.places

    async def check_login(self, request):
        try:
            login = a2b_base64(request.headers.get("Authorization", "")[6:])  # after "Basic "
            if login.endswith((":" + self.password).encode()):
                return
        except ValueError:
            pass  # no Base64
        return {"error": "wrong password"}, 401, {"WWW-Authenticate": 'Basic realm="Sideboard"'}

    async def error_response(self, request, code, reason):
        """As JSON."""
        if code == 413:  # closing before the body is read would take the answer away
            await receive(request, len)
        texts = {405: "not allowed", 413: "too large", 500: "internal error"}
        return {"error": texts.get(code, reason)}, code

    async def send_page(self, request):
        return send_asset(request, PAGE if request.path == "/" else EDITOR)

    async def send_file(self, request, name=None):
        """An image, or the layout."""
        try:
            return Response.send_file(self.folder + ("files/" + name if name else "dashboard.json"))
        except OSError:
            raise Refused(404, "Not found") from None

    async def open_page(self, request):
        host = "//" + request.headers.get("Host", "")
        if not request.headers.get("Origin", host).endswith(host):
            return {"error": "page from elsewhere"}, 403
        visitor = request.sock[0]
        socket = WebSocket(visitor)
        await socket.accept(request)
        pages = [one for one in self.visitors if one.page]
        if len(pages) >= self.places:
            pages[0].dismiss(DISPLACED)  # the newest stays
        visitor.page = Page(self.registry, self.layout, socket)
        return Response.already_handled

    async def send_variables(self, request):
        variables = self.registry.variables
        return {name: described(variables[name]) for name in variables}

    async def serve_variable(self, request, name):
        try:
            name = urldecode(name.replace("+", "%2B"))  # microdot decodes as in a query
        except ValueError:
            pass  # not encoded well: no such variable
        variable = find(self.registry, name)
        if request.method == "PUT":
            if request.content_length > Request.max_body_length:
                raise Refused(413, "too large")
            try:
                value = json.loads(request.body)
            except (ValueError, RuntimeError):
                raise Refused(400, "the body is not JSON") from None
            write(self.registry, variable, value)
        return described(variable)

    async def save_layout(self, request):
        """Takes the new one, or removes the one that is there."""
        from .layout import remove_layout, save_layout

        if request.method == "PUT":
            try:
                await save_layout(request, self.layout)
            except ValueError as error:
                raise Refused(400, str(error)) from None
        else:
            remove_layout(self.layout)
        self.keep_history()
        for visitor in self.visitors:
            if visitor.page:
                visitor.page.note(LAYOUT)
        return {"saved": True}

    async def send_status(self, request):
        free = gc.mem_free() if hasattr(gc, "mem_free") else None
        return dict(self.registry.status, uptime=uptime(), free=free, places=self.places)
