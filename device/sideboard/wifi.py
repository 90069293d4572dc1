"""Wi-Fi: joins the network and stays in it; where there is none, opens one of its own."""

import asyncio

from .compat import sleep_ms
from .errors import log
from .tasks import first_of

_JOIN_MS = 15000  # the longest that joining takes
_ALONE_MS = 20000  # then the board opens an access point


class Wifi:
    """The station, and the access point that stands in for it.

    key: the access point's password; with fewer than 8 characters it is an open one.
    on_address(address) is called with the board's address whenever it has a new one.
    """

    def __init__(self, ssid, password, hostname, key, on_address):
        import network

        network.hostname(hostname)
        self._station = network.WLAN(network.STA_IF)
        self._point = network.WLAN(network.AP_IF)
        self._ssid = ssid
        self._password = password
        self._options = {"ssid": hostname}
        if key and len(key) > 7:  # as WPA2 wants it
            self._options["key"] = key
            if hasattr(network, "AUTH_WPA2_PSK"):  # elsewhere a key says it
                self._options["security"] = network.AUTH_WPA2_PSK
        self._on_address = on_address

    async def keep_connected(self):
        """Joins the network, and again whenever it is lost."""
        station, ssid = self._station, self._ssid
        station.active(True)
        while True:
            alone = 0  # ms
            while not station.isconnected():
                if alone % _JOIN_MS == 0:
                    if alone:
                        log.warning("Wi-Fi: %s does not let the board in: check WIFI_SSID, WIFI_PASS", ssid)
                    log.info("Wi-Fi: joining %s", ssid)
                    try:
                        station.disconnect()
                        station.connect(ssid, self._password)
                    except OSError as error:
                        log.warning("Wi-Fi: %s", error)
                if alone == _ALONE_MS:
                    self._open_point()
                await sleep_ms(250)
                alone += 250
            if self._point.active():
                self._point.active(False)
            self._on_address(station.ifconfig()[0])
            while station.isconnected():
                await sleep_ms(1000)  # no port tells when the station is lost
            log.warning("Wi-Fi: lost %s", ssid)

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
        log.warning("Wi-Fi: access point %s is open", self._options["ssid"])
        self._on_address(self._point.ifconfig()[0])


def async_wifi_connection(client=None, args=None, connecting=None):
    """The official library's: joins the network. With a client there is nothing to do: it does so itself."""
    if client is None:
        from .settings import Settings  # which the client forgets again

        settings = Settings()
        ssid = settings.credential("WIFI_SSID").decode()
        password = settings.of(str, "WIFI_PASS") or settings.of(str, "WIFI_PASSWORD")
        joined = asyncio.Event()
        wifi = Wifi(ssid, password, "sideboard", None, lambda address: joined.set())
        asyncio.run(first_of(wifi.keep_connected(), joined.wait()))
