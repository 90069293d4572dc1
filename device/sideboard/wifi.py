"""Wi-Fi: joins the strongest known network and stays in it; where there is none, opens one of its own."""

import asyncio

from .compat import sleep_ms, text_of, ticks_diff, ticks_ms
from .errors import log
from .tasks import first_of

WRONG_PASSWORD = "%s refuses the password"
_JOIN_MS = 15000  # the longest that joining takes, and the rest after all networks were tried
_ALONE_MS = 20000  # then the board opens an access point
_STEP_MS = 250
_IN_USE_MS = 60000  # since its setup was asked for the access point stays
_SHOWN = 20  # networks in reach, at most


class Wifi:
    """The station, and the access point that stands in for it.

    networks: the known ones, [(name, password, or "" of an open one), …]; without any, the access point is
    open from the start; key: its password; with fewer than 8 characters it is an open one.
    on_address(address) is called with the board's address whenever it has a new one.
    """

    dashboard = None  # where there is one
    reach = ()  # what the last scan found
    point = None  # the access point's address while it is open
    asked = None  # when its setup was, in ticks
    _leading = None  # the task that leads to the page
    _alone = 0  # for how many ms there is no network

    def __init__(self, networks, hostname, key, on_address):
        import network

        network.hostname(hostname)
        self.networks = networks
        self.hostname = hostname
        self.station = network.WLAN(network.STA_IF)
        self.turn = asyncio.Lock()  # whose it is to join a network
        self._point = network.WLAN(network.AP_IF)
        # Not every port tells why it did not come to be joined.
        self._reasons = {
            getattr(network, "STAT_NO_AP_FOUND", None): "%s is not in reach",
            getattr(network, "STAT_WRONG_PASSWORD", None): WRONG_PASSWORD,
        }
        self._options = {"ssid": hostname}
        if key and len(key) > 7:  # as WPA2 wants it
            self._options["key"] = key
            if hasattr(network, "AUTH_WPA2_PSK"):  # elsewhere a key says it
                self._options["security"] = network.AUTH_WPA2_PSK
        self._on_address = on_address

    async def keep_connected(self):
        """Joins a network, and again whenever it is lost."""
        station = self.station
        station.active(True)
        if not self.networks:
            self.scan()
            self._open_point()
            await asyncio.Event().wait()
        while True:
            self._alone = 0
            while not station.isconnected():
                for name, password in self._by_strength():
                    async with self.turn:
                        log.info("Wi-Fi: joining %s", name)
                        trouble = await self.join(name, password)
                    await self._unused()
                    if station.isconnected():
                        break
                    log.warning("Wi-Fi: %s", trouble)
                else:
                    await self._wait(station.status())
            await self._unused()
            if self.point:
                self._point.active(False)
                self.point = None
                if self._leading:
                    self._leading.cancel()
            self._on_address(station.ifconfig()[0])
            while station.isconnected():
                await sleep_ms(2000)  # no port tells when the station is lost
            log.warning("Wi-Fi: lost %s", name)

    async def join(self, name, password):
        """Joins a network. Returns None, or what went wrong, as a sentence that names it."""
        station = self.station
        try:
            station.disconnect()
            before = station.status()
            station.connect(name, password or None)
            await self._wait(before)
        except OSError:
            pass  # some ports put the password into its text
        if station.isconnected():
            return None
        if _has_no_address(station):
            return "%s gives the board no address" % name
        text = "%s does not let the board in: is the password right?"
        return self._reasons.get(station.status(), text) % name

    def scan(self):
        """Looks which networks are in reach, and says so in `reach`, the strongest first.

        No port scans beside the loop: it stands still for two to three seconds, on rp2 for ten at most. So
        it is done before joining one of several while nobody has a page open, and when asked for.
        """
        station = self.station
        found = {}
        if not station.isconnected():
            station.disconnect()  # while it joins, an ESP32 finds none
        for name, _, _, rssi, security, _ in station.scan():
            try:
                name = text_of(name)
            except ValueError:
                continue  # nobody can type it
            if name and (name not in found or found[name]["rssi"] < rssi):
                found[name] = {"ssid": name, "rssi": rssi, "open": not security}
        self.reach = sorted(found.values(), key=lambda one: -one["rssi"])[:_SHOWN]

    def _by_strength(self):
        """The known networks, those that are not seen last: they may be hidden."""
        networks = self.networks[:]
        if len(networks) > 1:
            if not (self.dashboard and any([one.page for one in self.dashboard.visitors])):
                self.scan()
            names = [one["ssid"] for one in self.reach]
            networks.sort(key=lambda one: names.index(one[0]) if one[0] in names else _SHOWN)
        return networks

    async def _wait(self, before):
        """Waits for the network, unless its status becomes one, another than `before`, that ends it.

        An ESP32 shows the last failure until the next.
        """
        for _ in range(_JOIN_MS // _STEP_MS):
            await sleep_ms(_STEP_MS)
            status = self.station.status()
            if self.station.isconnected() or status != before and status in self._reasons:
                return
            self._alone += _STEP_MS
            if self._alone == _ALONE_MS and not self.point:
                self._open_point()

    async def _unused(self):
        """Waits until nobody is in the middle of the setup on the access point."""
        while self.turn.locked() or self.asked is not None:
            if self.asked is not None and ticks_diff(ticks_ms(), self.asked) > _IN_USE_MS:
                self.asked = None
            await sleep_ms(_STEP_MS)

    def _open_point(self):
        try:
            try:
                self._point.config(**self._options)
            except OSError:  # an ESP32 wants it active first
                self._point.active(True)
                self._point.config(**self._options)
            self._point.active(True)
        except OSError as error:
            log.error("Wi-Fi: no access point (%s)", error)
            return
        log.warning("Wi-Fi: access point %s is open", self.hostname)
        self.point = self._point.ifconfig()[0]
        self._on_address(self.point)
        if self.dashboard:
            try:
                from .portal import lead  # loaded only then

                self._leading = asyncio.create_task(lead(self))
            except MemoryError:
                pass  # then the page's address is to be typed


def _has_no_address(station):
    """Whether it is in a network, but has no address: rp2 says it, and an ESP32 has a strength only there."""
    try:
        status = station.status()
        return status == 2 or status >= 200 and station.status("rssi") < 0
    except (OSError, ValueError):
        return False


def async_wifi_connection(client=None, args=None, connecting=None):
    """The official library's: joins the network. With a client there is nothing to do: it does so itself."""
    if client is None:
        from .settings import Settings  # which the client forgets again

        settings = Settings()
        networks = settings.networks() or settings.credential("WIFI_SSID")  # which says that it is missing
        joined = asyncio.Event()
        wifi = Wifi(networks, "sideboard", None, lambda address: joined.set())
        asyncio.run(first_of(wifi.keep_connected(), joined.wait()))
