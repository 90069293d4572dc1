"""The dashboard: serves the page, its WebSocket and the HTTP interface, on microdot."""

import asyncio
import gc
import socket

from microdot.microdot import Microdot, Request, Response

from .access import Refused, described, find, listed, write
from .clock import uptime
from .compat import MICROPYTHON, accept, has_memory, load, sleep_ms
from .errors import log
from .net import SHARED, connections
from .tasks import first_of

Request.max_body_length = 4096

_RESERVE = 8192  # bytes of the heap; a page takes 5 KB of 64 bits
_AGAIN_MS = 200  # after a visitor could not be let in
_TRIES = 50  # then the port is opened anew
_PAGES = 8  # at most, where the network has more
_SPARE_MS = 500  # who said nothing for so long makes room; lwIP tells a request 250 ms late
_LINGERS_MS = 10000  # lwIP keeps a connection that is closed for so long if the other side does not answer
_NO_ROOM = b"HTTP/1.1 503 Full\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Dashboard(Microdot):
    """Serves the registry to browsers and programs.

    password: asked of every visitor; guest: that of who changes nothing; names: what the board is called, its
    addresses aside, in lower case; origins: of pages from elsewhere that may ask; folder: where the layout
    and the images are, with a "/" at its end, or "" for the current one.
    """

    wifi = None  # where there is one
    files = setup = None  # once they were asked for

    def __init__(
        self, registry, port=80, host="0.0.0.0", password=None, folder="", names=(), guest=None, origins=()
    ):  # fmt: skip
        super().__init__()
        self.registry = registry
        self.port = port
        self.host = host
        self.names = ("localhost",) + names
        self.origins = origins
        self.folder = folder
        self.layout = folder + "dashboard.json"
        self.visitors = []
        self.places = _PAGES
        self.written = -2000  # when a layout was, in ms of uptime
        self._turn = asyncio.Lock()
        registry.set_status(protocol=2)  # of the WebSocket: page.py
        self.before_request(self.check)
        if password or guest:
            from .login import Login

            Login(self, password, guest)
        if origins != ():
            from .origins import accept

            accept(self)
        self.route("/")(self.send_page)
        self.route("/more.js")(self.send_page)
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
        except (OSError, ValueError, MemoryError):
            pass  # the page makes a layout of its own
        for variable in registry.variables.values():
            if None in variable.options:  # options.py says so
                names.add(variable.name)
        if names or registry.history:
            from .history import keep  # loaded only where something is charted

            keep(self, names)

    def url(self, host):
        return "http://%s%s/" % (host, "" if self.port == 80 else ":%d" % self.port)

    def open_port(self):
        """OSError when it is not to be had."""
        self._listener = one = socket.socket()
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(socket.getaddrinfo(self.host, self.port)[0][-1])
        one.listen(5)

    async def serve(self):
        """Runs until cancelled; ends with a line in the log when the port is not to be had."""
        load("sideboard.visitor", "sideboard.assets")  # while memory is in one piece
        try:
            self.open_port()
        except OSError as error:
            log.error("No dashboard: port %d is not free (%s); set DASHBOARD_PORT", self.port, error)
            return
        # But for the cloud, for a look-up of its name, and for a newcomer while all places are taken.
        others = 2 if SHARED else 3
        self.places = max(1, connections(_PAGES + others) - others)
        try:
            await first_of(self._count_days(), self.let_in())
        finally:
            self._listener.close()
            for visitor in self.visitors:
                visitor.dismiss()

    async def let_in(self):
        """Lets visitors in, for ever. What fails is said once."""
        failed, trouble, said = 0, None, None
        while True:
            try:  # memory may be short for each of these
                if trouble and repr(trouble) != said:
                    log.error("A visitor could not be let in: %r", trouble)
                    said = repr(trouble)
                if failed >= _TRIES:
                    self._listener.close()
                    self.open_port()
                asyncio.create_task(self._visit(*await accept(self._listener)))
                failed = 0
            except (MemoryError, OSError) as error:
                trouble = error
                failed += 1
                gc.collect()  # which closes a connection that nobody serves
                await sleep_ms(_AGAIN_MS)

    async def _count_days(self):
        while True:  # ticks wrap after days, on an idle board, too
            uptime()
            await sleep_ms(86400000)

    async def _visit(self, reader, writer):
        from .visitor import Visitor

        visitor = Visitor(reader, writer, self._turn)
        visitors = self.visitors
        visitors.append(visitor)
        lingers = False
        try:
            if not self._has_place(visitor):
                await visitor.send(_NO_ROOM)
                return
            await first_of(self._answer(visitor), visitor.watch_request(self._is_full))
            page = visitor.page
            if page:
                await first_of(visitor.watch(page.ping), page.send_changes(), page.take_writes())
                lingers = SHARED  # nothing is heard of it
        except (OSError, EOFError, ValueError, asyncio.CancelledError):
            pass  # gone, or it says what it may not
        except Exception as error:  # memory is short; it may come back
            log.error("A page had to go: %r", error)
        finally:
            if visitor.page:
                self.registry.peers.remove(visitor.page)
                visitor.page = None
            try:
                await visitor.part()
                if lingers:
                    await sleep_ms(_LINGERS_MS)  # its place is still taken
            finally:
                visitors.remove(visitor)

    async def _answer(self, visitor):
        """Answers a request. What is none is no error of ours: microdot would log it."""
        try:
            request = await Request.create(self, visitor, visitor, visitor.address)
        except (ValueError, IndexError):
            request = None
        if request:
            self._load_for(request)
        response = await self.dispatch_request(request)
        if response != Response.already_handled:
            await visitor.respond(response)
        await visitor.readexactly(0)  # the rest of the request's head: a page may follow

    def _load_for(self, request):
        """Loads what serves this address, if that is seldom asked for."""
        path = request.path
        if path == "/setup" or path == "/api/setup":
            from .setup import Setup

            self.setup = self.setup or Setup(self)
        elif path.startswith("/api/files") or path == "/api/restart":
            from .files import Files

            self.files = self.files or Files(self)
            request.max_content_length = request.content_length  # it goes to the flash, in pieces

    def _has_place(self, newcomer):
        """Whether a newcomer is heard: one more than there are places. Others may have to make room.

        Not where memory is short: those who are there need it.
        """
        visitors = self.visitors
        if not has_memory(_RESERVE):
            return False
        if len(visitors) <= self.places + 1:
            return True
        those = [one for one in visitors if not one.page and not one.leaves]
        others = [one for one in those if not one.heard and one.age() > _SPARE_MS] or newcomer.crowd(those)
        if others:
            others[0].dismiss()
        return bool(others)

    def _is_full(self):
        return len(self.visitors) > self.places

    async def check(self, request):
        """Who may ask: who calls the board by a name of its own, and is no page from elsewhere."""
        header = request.headers.get
        host = header("Host", "")
        name = host.split(":")[0]  # none comes from no browser
        if name and not name.replace(".", "").isdigit() and name.lower() not in self.names:
            raise Refused(421, "this board is not called %s" % name)
        own = "http://" + host
        if request.method == "GET" and request.path != "/ws":
            return
        if header("Origin", own) not in (own,) + self.origins:
            raise Refused(403, "page from elsewhere")

    async def error_response(self, request, code, reason):
        """As JSON."""
        headers = {}
        if code == 413 or code == 429:  # closing before the body is read would take the answer away
            from .visitor import receive

            await receive(request, len)
        if code == 429:
            headers["Retry-After"] = str(reason)
            reason = "too often: wait for %d s" % reason
        texts = {405: "not allowed", 413: "too large", 500: "internal error"}
        return {"error": texts.get(code, reason)}, code, headers

    async def send_page(self, request):
        from .assets import send_asset

        return send_asset(request, (request.path[1:] or "page.html") + ".gz")

    async def send_file(self, request, name=None):
        from .assets import send_users_file

        return send_users_file(self, name)

    async def open_page(self, request):
        from .page import open_page  # loaded when the first page is opened

        return await open_page(self, request)

    async def send_variables(self, request):
        variables = list(self.registry.variables.values())
        pieces = listed(variables, request.sock[0].user, True)
        # With a status, as others do: microdot is smaller.
        return pieces, 200, {"Content-Type": "application/json; charset=UTF-8"}

    async def serve_variable(self, request, name):
        from .visitor import decoded, json_of  # loaded by now

        variable = find(self.registry, decoded(name))
        if request.method == "PUT":
            write(self.registry, variable, json_of(request))
        return described(variable, request.sock[0].user)

    async def save_layout(self, request):
        from .layout import change  # loaded only where there is one

        return await change(self, request)

    async def send_status(self, request):
        free = gc.mem_free() if MICROPYTHON else None
        user = request.sock[0].user
        return dict(self.registry.status, uptime=uptime(), free=free, places=self.places, **user)
