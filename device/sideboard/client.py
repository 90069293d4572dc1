"""ArduinoCloudClient: registers variables and runs the dashboard, the cloud link and the script's tasks."""

import asyncio
import gc
import sys

from .clock import now, renew_clock, uptime
from .cloud import CloudLink
from .compat import MICROPYTHON, forget, is_coroutine, root_logger, sleep_ms
from .errors import log, log_raised
from .store import Store
from .tasks import called, guarded
from .variables import Peer, Registry, Variable

_DAY = 86400  # seconds


class ArduinoCloudClient:
    """Links variables to the Arduino Cloud and serves them on the board's own page.

    An explicit argument wins, then secrets.py (DEVICE_ID, SECRET_KEY or CLOUD_PASSWORD, CLOUD_SERVER, …).
    ssl_params: "cafile" or "cadata" name the CA to trust in place of the Arduino Cloud's.
    SettingsError says in one sentence what is missing or wrong; but a board with Wi-Fi that was told nothing
    yet asks for it by its setup (setup.py), and restarts.
    """

    def __init__(
        self, device_id=None, username=None, password=None, ssl_params=None, server=None, port=None,
        keepalive=10, ntp_server="pool.ntp.org", ntp_timeout=3, sync_mode=False, sync=None,
    ):  # fmt: skip
        from .settings import Settings
        from .tls import tls_context

        if MICROPYTHON:
            # What stays lies close together then; and an ESP32's heap that grew never gives memory back.
            gc.threshold(32768)
        settings = Settings(
            {
                "DEVICE_ID": device_id,
                "SECRET_KEY": password,
                "user name": username,  # has none in secrets.py
                "CLOUD_SERVER": server,
                "CLOUD_PORT": port,
            }
        )
        settings.check(
            keepalive=keepalive,
            ntp_server=ntp_server,
            ntp_timeout=ntp_timeout,
            sync=sync,
            ssl_params=ssl_params,
        )
        if not settings.knows_device():
            settings.ask()
        login = settings.login()
        login["keepalive"] = keepalive
        self._hostname = settings.hostname(login["device_id"])
        self._tls = tls_context(ssl_params or {}, settings.of(str, "CLOUD_CA"), login["password"])
        # All settings are right.
        self._ntp = ntp_server, ntp_timeout
        self._running = False
        self._loop = None
        self._network_up = asyncio.Event()
        self._network_back = asyncio.Event()
        self.async_mode = not sync_mode
        self.tasks = {}  # by name: coroutines until the loop runs, then asyncio's tasks
        self.registry = Registry(self)
        self.records = self.registry.variables  # the official client's name for them
        self._store = Store(self.registry)
        self._link = CloudLink(self.registry, login, self._prepare, "sync" if sync_mode else "async", sync)
        self._wifi = settings.wifi(self._hostname, self._on_address)
        self._dashboard = settings.dashboard(self.registry, self._hostname.lower())
        if self._dashboard and self._wifi:
            self._dashboard.wifi = self._wifi
            self._wifi.dashboard = self._dashboard
        forget("tls")
        forget("settings")
        forget("stored")

    @property
    def thing_id(self):
        return self._link.thing_id

    @property
    def connected(self):
        return self.registry.status.get("cloud") == "connected"

    def __getitem__(self, name):
        return self.records[name].item()

    def __setitem__(self, name, value):
        self.registry.write(self.records[name], value)

    def __contains__(self, name):
        return name in self.records

    def get(self, key, default=None):
        """The value of a variable; `default` when there is no such variable or it has no value yet."""
        value = self[key] if key in self else self.registry.thing.get(key)
        return default if value is None else value

    def register(self, aiotobj, coro=None, **kwargs):
        """Adds a variable: by its name and Variable's options, or an object such as ColoredLight("light")."""
        variable = aiotobj
        if isinstance(aiotobj, str):
            on_read = kwargs.get("on_read")
            if on_read and kwargs.get("value") is None:  # as the official client does
                value = on_read(self)
                if is_coroutine(value):
                    value.close()
                    value = None
                kwargs["value"] = value
            variable = Variable(aiotobj, **kwargs)
        elif kwargs:
            raise TypeError("an object has its own options")
        if variable.type or variable.on_read or variable.on_write or not variable.on_run:  # more than a task
            self.registry.add(variable)
            if self._running:
                self._follow_restored()
        if variable.on_read or variable.on_run:
            self.create_task(variable.name, self._repeat, variable)

    def update_systime(self, server=None, timeout=None):
        """Sets the board's clock by NTP."""
        clock = renew_clock(server or self._ntp[0], timeout or self._ntp[1])
        if self._running:
            self.create_task("clock", clock)
        else:
            asyncio.run(clock)

    def create_task(self, name, coro, *args, **kwargs):
        """Runs a coroutine, or a coroutine function with `args`, beside the client."""
        coro = guarded("task " + name, coro if is_coroutine(coro) else coro(*args))
        self.tasks[name] = (self._loop or asyncio).create_task(coro) if self._running else coro

    def start(self, interval=1.0, backoff=1.2):
        """Async mode: runs for ever. Sync mode: returns when the cloud is connected; then call update().

        interval: seconds until a failed connection is tried again, `backoff` times longer each time.
        """
        if self.async_mode:
            if MICROPYTHON:
                asyncio.new_event_loop()  # without what an earlier run left behind
            asyncio.run(self.run(interval, backoff))
        else:
            self._loop = asyncio.new_event_loop()
            self._loop.run_until_complete(self._start_sync(interval, backoff))

    def update(self):
        """Sync mode: for a moment, takes and sends what there is and serves the page."""
        if self.async_mode:
            raise RuntimeError("update() is for sync_mode=True")
        if self._loop is None:
            self.start()
        self._loop.run_until_complete(_pass())

    async def run(self, interval=1.0, backoff=1.2):
        """Runs everything until it is cancelled."""
        self._begin(interval, backoff)
        await asyncio.Event().wait()

    async def _start_sync(self, interval, backoff):
        self._begin(interval, backoff)
        peer = Peer(self.registry)
        while not self.connected:
            await peer.changes()
        self.registry.peers.remove(peer)

    def _begin(self, interval, backoff):
        waiting, self.tasks = self.tasks, {}
        self._running = True
        root = root_logger()
        if root.level == 30 and not log.level:  # WARNING, as where nobody has set logging up
            for one in [log] + root.handlers:
                one.setLevel(20)  # INFO: the page's address is no warning
        if self._dashboard:
            from .log import Log

            Log(self._dashboard)
        start = sys.modules.get("safestart")
        if start:
            start.watch(self, log)
        self._follow_restored()
        for name in waiting:
            self.tasks[name] = asyncio.create_task(waiting[name])
        self.create_task("store", self._store.run)
        if self._dashboard:
            self._dashboard.keep_history()
            self.create_task("dashboard", self._dashboard.serve)
        if self._wifi:
            self.create_task("wifi", self._wifi.keep_connected)
        else:
            self._on_address("localhost")
        self.create_task("cloud", self._link.run, interval, backoff)
        self.create_task("time", self._keep_clock)

    def _follow_restored(self):
        """Lets the pins follow the values that outlived a power cut."""
        restored = self.registry.restored
        while restored:  # an on_write may register more
            self.registry.call(restored.pop(0))

    def _on_address(self, address):
        self.registry.set_status(address=address, setup=bool(self._wifi and self._wifi.point))
        if self._dashboard:
            names = self._dashboard.url(address), self._dashboard.url(self._hostname + ".local")
            log.info("Dashboard: %s or %s", *names)
        self._network_up.set()
        self._network_back.set()

    async def _prepare(self):
        """What a connection to the cloud needs: a network, the time for certificates, memory for TLS."""
        await self._network_up.wait()
        if not now():
            await renew_clock(*self._ntp)
        gc.collect()
        return self._tls

    async def _keep_clock(self):
        """Sets the clock anew once a day, and when the network is back. Before, it is set if it is needed."""
        await self._network_up.wait()
        while True:
            self._network_back.clear()
            try:
                await asyncio.wait_for(self._network_back.wait(), _DAY)
            except asyncio.TimeoutError:
                pass
            uptime()  # which must be asked for at least every few days
            await renew_clock(*self._ntp)

    async def _repeat(self, variable):
        while True:
            try:
                if variable.on_run:
                    await called(variable.on_run, self, variable.args)
                if variable.on_read:
                    value = await called(variable.on_read, self)
                    if value is not None:
                        self.registry.write(variable, value, reading=True)
            except Exception as error:
                log_raised(variable.name, error)
            ms = int(variable.interval * 1000)
            while ms > _DAY * 1000:  # more than some days no timer takes
                await sleep_ms(_DAY * 1000)
                ms -= _DAY * 1000
            await sleep_ms(ms)
            if variable.backoff is not None:
                variable.interval = min(variable.interval * variable.backoff, 5.0)


async def _pass():
    await sleep_ms(20)
