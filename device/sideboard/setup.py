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
from .dashboard import json_of
from .errors import SettingsError, log, log_raised
from .secrets_file import edited, save, text_of_secrets
from .settings import Settings
from .tasks import first_of
from .tls import tls_context
from .variables import Registry
from .wifi import WRONG_PASSWORD, Wifi

_FIELDS = {
    "device_id": "DEVICE_ID",
    "secret_key": "SECRET_KEY CLOUD_PASSWORD",  # scripts import the one or the other
    "hostname": "HOSTNAME",
    "password": "DASHBOARD_PASSWORD",
}
_OWN = "WIFI WIFI_SSID WIFI_PASS WIFI_PASSWORD DASHBOARD_GUEST_PASSWORD " + " ".join(_FIELDS.values())
_MOST = 8  # networks
_TOLD_MS = 5000  # so long a browser may ask how it went, and values are stored


def start():
    """Serves the setup on the board's access point until it is done: then the board restarts."""
    asyncio.run(_serve())


async def _serve():
    from binascii import hexlify

    from machine import unique_id

    settings = Settings({"DASHBOARD": True})
    own = settings.get("DEVICE_ID") is None
    name = settings.hostname(hexlify(unique_id())[-4:] if own else settings.credential("DEVICE_ID"))
    registry = Registry()
    registry.set_status(cloud="offline", error=None)
    dashboard = settings.dashboard(registry, name.lower())

    def told(address):
        registry.set_status(address=address)
        log.warning("First start: join the Wi-Fi %s by a phone: %ssetup", name, dashboard.url(address))

    dashboard.wifi = Wifi((), name, settings.of(str, "DASHBOARD_PASSWORD"), told)
    await first_of(dashboard.serve(), dashboard.wifi.keep_connected())


class Setup:
    """How a setup stands, and what changes it, by the interface in DESIGN.md.

    state: "waiting", "trying", "failed" or "done"; error, and about what it is: "wifi" or "cloud".
    """

    def __init__(self, dashboard):
        self._registry = dashboard.registry
        self._wifi = dashboard.wifi
        self._settings = Settings()
        self._tried = None  # the last settings, if what failed with them may be right elsewhere
        self._set("waiting")

    def _set(self, state, error=None, about=None, address=None):
        self._state = {"state": state, "error": error, "about": about, "address": address}

    async def serve(self, request):
        """Answers /setup, and /api/setup to the owner, or on the access point if there is no password."""
        if request.path == "/setup":
            return send_asset(request, "setup.html.gz")
        wifi, method = self._wifi, request.method
        on_point = wifi and wifi.point
        user = request.sock[0].user.get("user")
        if user == "guest" or not (user or on_point):
            raise Refused(403, "guests change nothing" if user else "set a DASHBOARD_PASSWORD first")
        if on_point:
            wifi.asked = ticks_ms()
        status = 200
        if self._state["state"] == "trying":
            if method != "GET":
                raise Refused(409, "the last settings are being tried")
        elif method == "PUT":
            status = 202
            await self._take(json_of(request), on_point)
        elif method == "DELETE":
            await self._write(dict([(name, None) for name in _OWN.split()]))
            self._task = asyncio.create_task(_restart())
        elif wifi and (not wifi.reach or request.query_string):  # ?scan=1
            wifi.scan()
        settings = self._settings
        answer = {
            "networks": wifi.reach if wifi else (),
            "known": [network[0] for network in settings.networks()],
            "hostname": wifi.hostname if wifi else settings.get("HOSTNAME"),
            "fresh": bool(wifi and not wifi.networks),
        }
        answer.update(self._state)
        return answer, status

    async def _take(self, form, on_point):
        """Checks a form, and tries it where the access point is open; else it is written at once."""
        if type(form) is not dict:
            raise Refused(422, "settings are an object")
        values = {}
        for field in form:
            if field == "wifi":
                values.update(self._networks(form[field]))
            elif field in _FIELDS:
                value = _text(field, form[field])
                for name in _FIELDS[field].split():
                    values[name] = value.encode() if field == "device_id" else value or None
            else:
                raise Refused(422, "there is no setting %s" % field)
        if values.get("DASHBOARD_PASSWORD", values) is None:
            values["DASHBOARD_GUEST_PASSWORD"] = None  # goes with it
        try:
            settings = Settings(None, edited(text_of_secrets(), values)[1])
            settings.check(ntp_timeout=0)
            settings.hostname(b"")
            if settings.knows_device():
                settings.login()
            if settings.get("DASHBOARD_PASSWORD", 0) == settings.get("DASHBOARD_GUEST_PASSWORD"):
                raise SettingsError("password: guests have the same")
        except SettingsError as error:
            raise Refused(422, str(error)) from None
        if on_point:
            self._set("trying")
            self._task = asyncio.create_task(self._prove(values, settings))
        else:
            await self._write(values, self._registry.status.get("address"))

    def _networks(self, networks):
        """The settings for a list of [name, password, or None: as it is]."""
        known = dict(self._settings.networks())
        found = []
        try:
            for network in networks:
                name, password = network if type(network) is list else ()
                name = text_of(name + "")
                password = text_of((known[name] if password is None else password) or "")
                if not 0 < len(name.encode()) < 33 or len(password) > 64:
                    raise ValueError
                found.append((name, password))
            if not 0 < len(found) <= _MOST:
                raise ValueError
        except (TypeError, ValueError, KeyError):
            text = 'wifi must be up to %d like ["name", "password"], null for a known password' % _MOST
            raise Refused(422, text) from None
        name, password = found[0]
        values = {"WIFI": tuple(found) if len(found) > 1 else None, "WIFI_SSID": name, "WIFI_PASS": password}
        if self._settings.get("WIFI_PASSWORD") is not None:
            values["WIFI_PASSWORD"] = password
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
                    return await _restart()
                wifi.station.disconnect()
            if doubtful:
                self._tried = values
                error += "; the same once more is taken as it is"
            self._set("failed", error, about)
        except Exception as error:  # whatever it was: a person waits
            log_raised("Setup", error)
            self._set("failed", getattr(error, "reason", None) or str(error))

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
            refused = text and "refused" in text
            if refused or text and not trouble:
                return "cloud", text, not refused
        return "wifi", trouble, bool(trouble)

    async def _write(self, values, address=None):
        try:
            async with self._registry.flash:
                text, module = edited(text_of_secrets(), values)
                save(text)
        except OSError as error:
            raise Refused(507, "secrets.py cannot be written: %s" % error) from None
        sys.modules["secrets"] = module
        self._settings = Settings()
        self._set("done", address=address)


async def _restart():
    await sleep_ms(_TOLD_MS)
    import machine

    machine.reset()


async def _refusal(settings):
    """Why the cloud does not let the board in, or None."""
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


def _text(field, value):
    """A field's text, without spaces around it; only of name and password "", which removes them."""
    try:
        value = text_of(value + "")
        if field != "password":
            value = value.strip()
        if value or field in ("hostname", "password"):
            return value
    except (TypeError, ValueError):
        pass
    raise Refused(422, "%s must be text" % field)
