"""Settings: what the script gave, or else what `secrets.py` says, checked, and what is made by them.

Used once, and then forgotten.
"""

from .compat import MICROPYTHON, load
from .errors import SettingsError

_TEXTS = "CLOUD_SERVER CLOUD_CA DASHBOARD_PASSWORD DASHBOARD_GUEST_PASSWORD ntp_server"
_KINDS = {str: "text", bool: "True or False", int: "whole seconds", dict: "a dict"}
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789-"


class Settings:
    """Settings by their names in secrets.py; each may be missing.

    given: those of the script, or None; secrets: what is to be in the place of secrets.py.
    """

    def __init__(self, given=None, secrets=None):
        try:
            if not secrets:
                import secrets
        except ImportError as error:
            if "'secrets'" not in str(error):
                raise SettingsError("secrets.py imports what is not there: %s" % error) from None
            secrets = None
        except Exception as error:
            raise SettingsError("secrets.py raises %s: %s" % (type(error).__name__, error)) from None
        self._secrets = secrets
        self._given = given or {}

    def get(self, name, default=None):
        value = self._given.get(name)
        if value is None:
            value = getattr(self._secrets, name, None)
        return default if value is None else value

    def check(self, **arguments):
        """Those whose type says whether they are right, used or not, and the client's other arguments."""
        self._given.update(arguments)
        for name in _TEXTS.split():
            self.of(str, name)
        self.networks()
        self.of(bool, "DASHBOARD")
        self.of(int, "keepalive")
        timeout = self.get("ntp_timeout")
        if type(timeout) not in (int, float) or not timeout >= 0:
            raise _wrong("ntp_timeout", "seconds", timeout)
        self.port("DASHBOARD_PORT", 80)
        guest = self.get("DASHBOARD_GUEST_PASSWORD")
        if guest and self.get("DASHBOARD_PASSWORD") in (None, guest):
            raise SettingsError("DASHBOARD_GUEST_PASSWORD needs another DASHBOARD_PASSWORD")
        if self.get("sync") not in (None, "cloud", "device"):
            raise _wrong("sync", "'cloud' or 'device'", self.get("sync"))

    def of(self, kind, name, default=None):
        """The setting, of one of _KINDS."""
        value = self.get(name, default)
        if value is not default and (type(value) is not kind or value == "" or kind is int and value < 0):
            raise _wrong(name, _KINDS[kind], value)
        return value

    def port(self, name, default):
        port = self.get(name, default)
        if type(port) is not int or not 0 < port < 65536:
            raise _wrong(name, "a port from 1 to 65535", port)
        return port

    def login(self):
        """What it takes to log in to the cloud: the secret key, or a certificate of the board's own."""
        ssl_params = self.of(dict, "ssl_params", {})
        device_id = self.credential("DEVICE_ID")
        certificate = bool(ssl_params.get("certfile"))
        if certificate and not self._given.get("SECRET_KEY"):
            server, port = "iot.arduino.cc", 8885
            username = password = None  # MQTT's user name comes with a password
        else:
            server, port = "mqtts-up.iot.arduino.cc", 8884
            password = self.credential("SECRET_KEY", "CLOUD_PASSWORD")
            username = self.credential("user name", "DEVICE_ID")
        server = self.of(str, "CLOUD_SERVER", server)
        self._given["server_hostname"] = ssl_params.get("server_hostname")
        return {
            "device_id": device_id,
            "username": username,
            "password": password,
            "certificate": certificate,
            "server": server,
            "port": self.port("CLOUD_PORT", port),
            "hostname": self.of(str, "server_hostname", server),
        }

    def credential(self, name, other=""):
        """The setting, or else the other one, as bytes."""
        if self.get(name) is None and self.get(other) is not None:
            name = other
        value = self.get(name, b"")
        if isinstance(value, str):
            value = value.encode()
        if type(value) is not bytes:
            raise _wrong(name, "text", value)
        if not value:
            raise SettingsError("%s is missing: put it into secrets.py" % name)
        return value

    def hostname(self, device_id):
        """HOSTNAME, or one made of the device's id: letters, digits and hyphens, as RFC 1123 has it."""
        own = "sideboard-" + str(device_id[:6])[2:-1]  # within b'…': it may be no text
        name = self.get("HOSTNAME", own)
        if isinstance(name, str) and 0 < len(name) < 33 and name.strip("-") == name:
            if not name.lower().strip(_PLAIN):  # it stops at any other
                return name
        if name is own:
            return "sideboard"
        raise _wrong("HOSTNAME", "32 letters, digits and hyphens at most", name)

    def networks(self):
        """The known Wi-Fi networks, [(name, password, or "" of an open one), …]: WIFI, and WIFI_SSID."""
        known = []
        try:
            networks = self.get("WIFI", ())
            for one in networks if type(networks) in (tuple, list) else 0:
                name, password = one
                if type(one) is str or not name or type(name) is not str or type(password or "") is not str:
                    raise ValueError
                known.append((name, password or ""))
        except (TypeError, ValueError):  # which shows none: they hold passwords
            raise SettingsError('WIFI must be names and passwords like (("home", "password"),)') from None
        ssid = self.of(str, "WIFI_SSID")
        for name in "WIFI_PASS", "WIFI_PASSWORD":
            if self.get(name) != "":
                self.of(str, name)
        if ssid and ssid not in dict(known):
            known.append((ssid, self.get("WIFI_PASS") or self.get("WIFI_PASSWORD", "")))
        return known

    def ask(self):
        """Has the setup ask for what is missing, on a board with Wi-Fi whose script gives none of it."""
        for name in "DEVICE_ID", "SECRET_KEY", "CLOUD_PASSWORD":
            if self.get(name) is not None:
                self.credential(name)  # what is wrong is not missing
        given = map(self._given.get, ("DEVICE_ID", "SECRET_KEY", "ssl_params"))
        if MICROPYTHON and list(given) == [None, None, None]:
            try:
                from network import STA_IF, WLAN
            except ImportError:
                return
            if not (self.knows_device() and WLAN(STA_IF).active()):  # else the script joins one
                from .setup import start

                start()

    def knows_device(self):
        get = self.get
        return None not in (get("DEVICE_ID"), get("SECRET_KEY", get("CLOUD_PASSWORD")))

    def wifi(self, hostname, on_address):
        """The Wi-Fi that they name, or None: a script may join one itself, and a computer does."""
        networks = self.networks()
        if not networks:
            self.ask()
        elif MICROPYTHON:
            from .wifi import Wifi

            return Wifi(networks, hostname, self.get("DASHBOARD_PASSWORD") or networks[0][1], on_address)

    def dashboard(self, registry, name):
        """The dashboard of a board that is called `name`, or None: it is not wanted."""
        if self.get("DASHBOARD", True):
            load("microdot", "sideboard.dashboard")
            from .dashboard import Dashboard

            registry.set_status(title=self.get("HOSTNAME", "Sideboard"))
            return Dashboard(
                registry,
                self.get("DASHBOARD_PORT", 80),
                password=self.get("DASHBOARD_PASSWORD"),
                names=(name, name + ".local"),
                guest=self.get("DASHBOARD_GUEST_PASSWORD"),
                origins=self.get("DASHBOARD_ORIGINS", ()),
            )


def _wrong(name, words, value):
    if "PASS" in name or "KEY" in name:
        value = value and type(value)  # what is said is kept, and guests read the log
    return SettingsError("%s must be %s, not %r" % (name, words, value))
