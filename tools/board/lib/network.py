"""Stand-in for a board's network: a Wi-Fi where every name and password is right, on the loopback device.

SIDEBOARD_WIFI_FILE names a JSON file that is read again and again: {"up": false} takes the Wi-Fi away
(it returns by itself, as on an ESP32), {"dns": "127.0.0.9"} sets the name server.
"""

import json
import os
import time

STA_IF = 0
AP_IF = 1

STAT_IDLE = 1000
STAT_CONNECTING = 1001
STAT_GOT_IP = 1010
STAT_NO_AP_FOUND = 201
STAT_WRONG_PASSWORD = 202
STAT_ASSOC_FAIL = 203
STAT_CONNECT_FAIL = 203

AUTH_OPEN = 0
AUTH_WEP = 1
AUTH_WPA_PSK = 2
AUTH_WPA2_PSK = 3
AUTH_WPA_WPA2_PSK = 4

_ADDRESS = "127.0.0.1"
_MASK = "255.0.0.0"
_NOWHERE = "0.0.0.0"
_JOIN_MS = 100
_SYNONYMS = {"essid": "ssid", "authmode": "security", "password": "key", "dhcp_hostname": "hostname"}

_hostname = "mpy-board"
_country = "XX"


def _air():
    """What the file of SIDEBOARD_WIFI_FILE says."""
    path = os.getenv("SIDEBOARD_WIFI_FILE")
    if not path:
        return {}
    with open(path) as file:
        return json.load(file)


def _dns():
    return _air().get("dns", _ADDRESS)


def hostname(name=None):
    global _hostname
    if name is None:
        return _hostname
    if len(name) > 32:
        raise ValueError("hostname too long")
    _hostname = name


def country(code=None):
    global _country
    if code is None:
        return _country
    if len(code) != 2:
        raise ValueError("country code must be 2 characters")
    _country = code.upper()


def ipconfig(param=None, **settings):
    """The part of the settings that all interfaces share: "dns"."""
    _one_or_settings(param, settings, ("dns", "prefer"))
    if param == "dns":
        return _dns()


def _one_or_settings(param, settings, known):
    if (param is None) == (not settings):
        raise TypeError("either pos or kw args are allowed")
    for name in [param] if param is not None else settings:
        if name not in known:
            raise ValueError("unknown config param")


class WLAN:
    """The station or the access point; there is one object for each."""

    IF_STA = STA_IF
    IF_AP = AP_IF
    SEC_OPEN = AUTH_OPEN
    SEC_WPA = AUTH_WPA_PSK
    SEC_WPA2 = AUTH_WPA2_PSK
    SEC_WPA_WPA2 = AUTH_WPA_WPA2_PSK
    PM_NONE = 0
    PM_PERFORMANCE = 1
    PM_POWERSAVE = 2
    _all = {}

    def __new__(cls, interface=STA_IF):
        if interface not in (STA_IF, AP_IF):
            raise ValueError("invalid WLAN interface identifier")
        if interface not in cls._all:
            wlan = cls._all[interface] = super().__new__(cls)
            wlan._is_station = interface == STA_IF
            wlan._active = False
            wlan._joining = None  # when connect() was called, in ms
            wlan._settings = {
                "mac": b"\x02\x00\x00\x51\xde" + bytes([interface]),
                "ssid": "" if wlan._is_station else "mpy-board",
                "key": "",
                "security": AUTH_OPEN,
                "channel": 1,
                "hidden": False,
                "max_clients": 10,
                "pm": cls.PM_PERFORMANCE,
                "txpower": 20,
                "reconnects": -1,
            }
        return cls._all[interface]

    def active(self, is_active=None):
        if is_active is None:
            return self._active
        self._active = bool(is_active)
        if not self._active:
            self._joining = None
        return self._active

    def connect(self, ssid=None, key=None, *, bssid=None):
        """Starts to join a Wi-Fi, the last one without arguments."""
        self._need_station()
        self._need_active()
        for text in (ssid, key):
            if not (text is None or isinstance(text, (str, bytes))):
                raise TypeError("object with buffer protocol required")
        if ssid is not None:
            self._settings["ssid"] = ssid if isinstance(ssid, str) else ssid.decode()
        self._joining = time.ticks_ms()

    def disconnect(self):
        self._need_station()
        self._need_active()
        self._joining = None

    def isconnected(self):
        """For the station: whether it has an address. No other station ever joins the access point."""
        return self._is_station and self.status() == STAT_GOT_IP

    def status(self, param=None):
        if param == "rssi" and self._is_station:
            return -50
        if param == "stations" and not self._is_station:
            return []
        if param is not None:
            raise ValueError("unknown status param")
        if self._joining is None:
            return STAT_IDLE
        if not self._settings["ssid"] or not _air().get("up", True):
            return STAT_NO_AP_FOUND
        joined = time.ticks_diff(time.ticks_ms(), self._joining) >= _JOIN_MS
        return STAT_GOT_IP if joined else STAT_CONNECTING

    def scan(self):
        self._need_station()
        self._need_active()
        name = self._settings["ssid"] or "mpy-board"
        return [(name.encode(), b"\x02\x00\x00\x00\x00\x01", 1, -50, AUTH_WPA2_PSK, False)]

    def ifconfig(self, addresses=None):
        """(address, mask, gateway, name server); others are taken and make no difference."""
        if addresses is None:
            if self._has_address():
                return (_ADDRESS, _MASK, _ADDRESS, _dns())
            return (_NOWHERE,) * 4
        if addresses != "dhcp" and len(addresses) != 4:
            raise ValueError("requested length 4 but object has length %d" % len(addresses))

    def ipconfig(self, param=None, **settings):
        _one_or_settings(param, settings, ("addr4", "gw4", "dhcp4", "has_dhcp4"))
        if param == "addr4":
            return (_ADDRESS, _MASK) if self._has_address() else (_NOWHERE, _NOWHERE)
        if param == "gw4":
            return _ADDRESS if self._has_address() else _NOWHERE
        if param == "dhcp4":
            return self._is_station
        if param == "has_dhcp4":
            return self.isconnected()

    def config(self, param=None, **settings):
        known = tuple(self._settings) + tuple(_SYNONYMS) + ("hostname",)
        _one_or_settings(param, settings, known)
        for name, value in settings.items():
            self._set(_SYNONYMS.get(name, name), value)
        if settings:
            return
        param = _SYNONYMS.get(param, param)
        if param == "key":
            raise ValueError("unknown config param")
        return _hostname if param == "hostname" else self._settings[param]

    def _set(self, name, value):
        if name == "hostname":
            hostname(value)
        elif name == "key" and not self._is_station and 0 < len(value) < 8:
            raise OSError("Wifi Invalid Password")
        else:
            self._settings[name] = value

    def _has_address(self):
        return self.isconnected() if self._is_station else self._active

    def _need_station(self):
        if not self._is_station:
            raise OSError("STA required")

    def _need_active(self):
        if not self._active:
            raise OSError("Wifi Not Started")
