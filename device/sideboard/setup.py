"""Setup: a first start, and later the owner's settings: Wi-Fi, cloud, name and password go into secrets.py.

Loaded only where it is used.
"""

import asyncio
import sys

from .access import Refused
from .assets import send_asset
from .clock import now, renew_clock
from .cloud import CloudLink
from .compat import sleep_ms, text_of, ticks_ms
from .errors import SettingsError, log, log_raised
from .restart import restart_board
from .secrets_file import edited, read, save
from .tasks import first_of
from .variables import Registry
from .visitor import json_of
from .wifi import WRONG_PASSWORD, Wifi

_NAMES = {  # of the settings; scripts import the one or the other
    "wifi": "WIFI WIFI_SSID WIFI_PASS WIFI_PASSWORD",
    "device_id": "DEVICE_ID",
    "secret_key": "SECRET_KEY CLOUD_PASSWORD",
    "hostname": "HOSTNAME",
    "password": "DASHBOARD_PASSWORD",
}
_MOST = 8  # networks
_TOLD_MS = 5000  # so long a browser may ask how it went


def start(trouble=None):
    """Serves the setup on the board's access point until it is done: then the board restarts.

    trouble: why it has to ask, if that is not a first start.
    """
    from binascii import hexlify

    from machine import unique_id

    settings = _settings({"DASHBOARD": True})
    registry = Registry()
    name = settings.hostname(hexlify(unique_id())[-4:])
    dashboard = settings.dashboard(registry, name.lower())
    key = settings.of(str, "DASHBOARD_PASSWORD")

    def told(address):
        log.warning("Dashboard: %ssetup", dashboard.url(address))

    wifi = dashboard.wifi = Wifi([], name, key, told)
    wifi.dashboard = dashboard
    if trouble:
        log.error(trouble)
        dashboard.setup = Setup(dashboard)
        dashboard.setup.set("failed", trouble)
    asyncio.run(first_of(dashboard.serve(), wifi.keep_connected()))


def _settings(*given):
    from .settings import Settings  # loaded only then: who asks for files alone gets this module, too

    return Settings(*given)


class Setup:
    """How a setup stands, and what changes it, by the interface in DESIGN.md.

    state: "waiting", "trying", "failed" or "done"; error, and about what it is: "wifi" or "cloud".
    """

    _name = None  # that it will have

    def __init__(self, dashboard):
        self._registry = dashboard.registry
        self._wifi = dashboard.wifi
        self._settings = _settings()
        self._tried = None  # what failed, but may be right elsewhere
        self.set("waiting")
        dashboard.route("/setup")(self.serve)
        dashboard.route("/api/setup", ["GET", "PUT", "DELETE"])(self.serve)

    def set(self, state, error=None, about=None, address=None):
        self._state = {"state": state, "error": error, "about": about, "address": address}

    async def serve(self, request):
        """Answers /setup, and /api/setup to the owner, or on the access point if there is no password."""
        if request.path == "/setup":
            return send_asset(request, "setup.html.gz")
        wifi = self._wifi
        reads = request.method not in ("PUT", "DELETE")  # GET, and HEAD
        # A network that is back brings its neighbours, who may not.
        on_point = wifi and wifi.point and (reads or not wifi.station.isconnected())
        user = request.sock[0].user
        if user.get("user") != "owner" and (user or not on_point):
            raise Refused(403, "log in by DASHBOARD_PASSWORD")
        if on_point:
            wifi.asked = ticks_ms()
        trying = self._state["state"] == "trying"
        if reads:
            if wifi and not trying and (not wifi.reach or request.query_string):  # ?scan=1
                wifi.scan()
        elif trying:
            raise Refused(409, "the last settings are being tried")
        elif request.method == "PUT":
            await self._take(json_of(request), on_point)
        else:
            names = "DASHBOARD_GUEST_PASSWORD " + " ".join(_NAMES.values())
            await self._write(dict.fromkeys(names.split()))
            self._task = asyncio.create_task(restart_board(self._registry, _TOLD_MS))
        return dict(
            self._state,
            networks=wifi.reach if wifi else (),
            known=[network[0] for network in self._settings.networks()],
            hostname=self._name or wifi and wifi.hostname,
            fresh=bool(wifi and not wifi.networks),
        ), 202 if request.method == "PUT" else 200

    async def _take(self, wanted, on_point):
        """Checks a form, and tries it where the access point is open; else it is written at once."""
        try:
            values = self._values(wanted)
            settings = _settings(None, edited(read(), values)[1])
            settings.check(ntp_timeout=0)
            settings.hostname(b"")
            if settings.knows_device():
                settings.login()
        except SettingsError as error:
            raise Refused(422, str(error)) from None
        if on_point:
            self.set("trying")
            self._task = asyncio.create_task(self._prove(values, settings))
        else:
            await self._write(values, self._registry.status.get("address"))

    def _values(self, wanted):
        """{setting: its new value, or None: without it, …}. SettingsError for what is no form."""
        values = {}
        known = dict(self._settings.networks())
        field = "all"
        try:
            for field in wanted:
                value = wanted[field]
                names = _NAMES[field].split()
                if field == "wifi":
                    for network in value:
                        name, password = network + []
                        network[1] = text_of(known[name] if password is None else password)
                        network[0] = text_of(name)
                    if not 0 < len(value) <= _MOST:
                        raise ValueError
                    name, password = value[0]
                    values.update(zip(names, (value if len(value) > 1 else None, name, password, password)))
                else:
                    for name in names:
                        values[name] = text_of(value) or None
        except (TypeError, ValueError, KeyError):  # which shows none: known passwords may be filled in
            raise SettingsError("%s is no setting, or not of its form" % field) from None
        return values

    async def _prove(self, values, settings):
        """Tries settings. Right ones, or doubtful ones once more, are written; then the board restarts."""
        wifi = self._wifi
        again, self._tried = values == self._tried, None
        try:
            async with wifi.turn:
                about, error, doubtful = await self._trouble(settings)
                if not error or doubtful and again:
                    station = wifi.station
                    await self._write(values, station.ifconfig()[0] if station.isconnected() else None)
                    return await restart_board(self._registry, _TOLD_MS)
                wifi.station.disconnect()
            if doubtful:
                self._tried = values
                error += "; the same once more is taken as it is"
            self.set("failed", error, about)
        except Exception as error:  # whatever it was: a person waits
            log_raised("Setup", error)
            wifi.station.disconnect()
            self.set("failed", str(error))

    async def _trouble(self, settings):
        """("wifi" or "cloud", what is wrong with it or None, whether it may be right elsewhere)."""
        wifi, known = self._wifi, self._settings.networks()
        trouble = good = None
        for network in settings.networks():
            text = await wifi.join(*network)
            if not text:
                good = network
            elif text == WRONG_PASSWORD % network[0]:
                return "wifi", text, False
            elif network not in known:
                trouble = trouble or text
        if good and settings.knows_device():
            if not wifi.station.isconnected():
                await wifi.join(*good)
            text = await _refusal(settings)
            if text and not trouble or "refused" in str(text):
                return "cloud", text, "refused" not in text
        return "wifi", trouble, True

    async def _write(self, values, address=None):
        try:
            async with self._registry.flash:
                text, sys.modules["secrets"] = edited(read(), values)
                save(text)
        except (OSError, SettingsError) as error:
            raise Refused(507, "secrets.py is as it was: %s" % error) from None
        settings = self._settings = _settings()
        if settings.knows_device():
            self._name = settings.hostname(settings.credential("DEVICE_ID"))
        self.set("done", address=address)


async def _refusal(settings):
    """Why the cloud does not let the board in, or None."""
    from .tls import tls_context

    login = settings.login()
    login["keepalive"] = 10
    tls = tls_context({}, settings.of(str, "CLOUD_CA"), login["password"])
    registry = Registry()

    async def prepare():
        if not now():
            await renew_clock("pool.ntp.org", 3)
        return tls

    async def answered():
        while link.thing_id is None and not registry.status.get("error"):
            await sleep_ms(100)

    link = CloudLink(registry, login, prepare)
    await first_of(link.run(), answered())
    return registry.status["error"] if link.thing_id is None else None
