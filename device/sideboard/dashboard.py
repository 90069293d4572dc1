"""The dashboard: the page, its WebSocket and the HTTP interface, on microdot."""

import asyncio
import errno
import gc
import json
from binascii import a2b_base64, hexlify

from microdot import Microdot, Request, Response
from microdot.microdot import urldecode
from microdot.websocket import WebSocket, WebSocketError

from .compat import close, log, no_delay, sleep_ms, ticks_diff, ticks_ms
from .variables import DASHBOARD, Peer, ReadOnly

_PAGE = __file__.rsplit("/", 1)[0] + "/page.html.gz"
_SILENCE_MS = 15000  # a page is pinged so often and must answer in time; other connections last so long
_CONNECTIONS = 6  # a board has 8 to 16 sockets in all

_ERRORS = {400: "bad request", 404: "not found", 405: "not allowed", 413: "too large", 500: "internal error"}

Request.max_body_length = Request.max_content_length = 4096


def _described(variable):
    return {
        "name": variable.name,
        "type": variable.type,
        "value": variable.json(),
        "writable": variable.writable,
    }


def _refusal(error):
    """The HTTP status of a write that was not taken."""
    return 403 if isinstance(error, ReadOnly) else 409 if isinstance(error, TypeError) else 422


class Connection:
    """A reader and writer for microdot, which does not wait for ever for its other side."""

    def __init__(self, reader, writer):
        self.task = asyncio.current_task()
        self.page = None
        self._reader = reader
        self._writer = writer
        self._heard = False

    # A new read begins when the one before has got its data: that is when the other side was heard.
    def readline(self):
        self._heard = True
        return self._reader.readline()

    def readexactly(self, n):
        self._heard = True
        return self._reader.readexactly(n)

    read = readexactly  # microdot reads a frame's first two bytes so, and takes one for the end

    async def awrite(self, data):
        self._writer.write(data)
        await self._writer.drain()

    async def aclose(self):
        close(self._writer)

    def get_extra_info(self, name):
        return self._writer.get_extra_info(name)

    async def watch(self):
        """Ends the connection when its request takes too long, or its page does not answer a ping."""
        await sleep_ms(_SILENCE_MS)
        while self.page:
            self._heard = False
            try:
                await asyncio.wait_for(self.page.send(b"", WebSocket.PING), _SILENCE_MS / 1000)
            except (OSError, asyncio.TimeoutError):
                break
            await sleep_ms(_SILENCE_MS)
            if not self._heard:
                break
        self.task.cancel()


class Page(WebSocket):
    """An open page: gets everything first, then changes; its own writes are answered."""

    def __init__(self, request, registry):
        super().__init__(request)
        self._registry = registry
        self._peer = None
        self._lock = asyncio.Lock()

    async def send(self, data, opcode=None):
        async with self._lock:  # answers and changes are sent by two tasks
            await super().send(data, opcode)

    async def serve(self):
        self._peer = Peer(self._registry)
        changes = asyncio.create_task(self._send_changes())
        try:
            while True:
                await self._answer(await self.receive())
        except (WebSocketError, OSError, EOFError, ValueError):
            pass  # it left, or sent what it may not
        finally:
            changes.cancel()
            self._peer.leave()

    async def _send_changes(self):
        try:
            changed = list(self._registry) + [None]
            while True:
                message = {"variables": [_described(v) for v in changed if v]}
                if None in changed:
                    message["status"] = self._registry.status
                await self.send(json.dumps(message))
                changed = await self._peer.changes()
        except OSError:
            pass  # the reading side ends the connection

    async def _answer(self, text):
        try:
            message = json.loads(text)
            answer = {"id": message.get("id")}
        except (ValueError, AttributeError, RuntimeError):
            raise WebSocketError("not a JSON object") from None
        if "name" in message:
            name = str(message["name"])
            if name not in self._registry:
                answer["error"] = "there is no variable %s" % name
            else:
                variable = self._registry[name]
                try:
                    self._registry.write(variable, message.get("value"), DASHBOARD, self._peer)
                except (ReadOnly, TypeError, ValueError) as error:
                    answer["error"] = str(error)
                    answer["variables"] = [_described(variable)]
        await self.send(json.dumps(answer))


class Dashboard:
    """Serves the registry to browsers and programs. password: asked of every visitor, with any user name."""

    def __init__(self, registry, port=80, host="0.0.0.0", password=None):
        self.registry = registry
        self._port = port
        self._host = host
        self._password = password
        self._connections = []
        self._started = ticks_ms()
        self._app = self._routes()

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
            return self._page(request)

        @app.get("/ws")
        async def ws(request):
            origin = request.headers.get("Origin")
            if origin and origin.split("//")[-1] != request.headers.get("Host"):
                return {"error": "this page comes from elsewhere"}, 403
            page = Page(request, registry)
            await page.handshake()
            request.sock[0].page = page
            await page.serve()
            return Response.already_handled

        @app.get("/api/variables")
        async def all_variables(request):
            return {variable.name: _described(variable) for variable in registry}

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
                try:
                    value = json.loads(request.body)
                except (ValueError, RuntimeError):
                    return {"error": "the body is not JSON"}, 400
                try:
                    registry.write(variable, value, DASHBOARD)
                except (ReadOnly, TypeError, ValueError) as error:
                    return {"error": str(error)}, _refusal(error)
            return _described(variable)

        @app.get("/api/status")
        async def status(request):
            return self._status()

        for code in _ERRORS:
            app.error_handlers[code] = _error_page(code)
        return app

    def _page(self, request):
        page = open(_PAGE, "rb")
        page.seek(-8, 2)  # gzip ends with the checksum and the length of what it holds
        tag = '"%s"' % hexlify(page.read()).decode()
        page.seek(0)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == tag:
            page.close()
            return Response("", 304, headers)
        headers["Content-Type"] = "text/html; charset=UTF-8"
        headers["Content-Encoding"] = "gzip"
        return Response(page, 200, headers)

    def _status(self):
        status = dict(self.registry.status)
        status["uptime"] = ticks_diff(ticks_ms(), self._started) // 1000
        status["free"] = gc.mem_free() if hasattr(gc, "mem_free") else None
        return status

    def _knows_password(self, request):
        kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
        try:
            given = a2b_base64(credentials).decode()
        except ValueError:
            return False
        return kind == "Basic" and given.partition(":")[2] == self._password


def _error_page(code):
    async def handler(request):
        unread = request.content_length if code == 413 else 0
        while unread > 0:  # closing before it is read would take the answer away
            await request.stream.readexactly(min(unread, 512))
            unread -= 512
        return {"error": _ERRORS[code]}, code

    return handler
