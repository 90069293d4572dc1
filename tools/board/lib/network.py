"""Stand-in for a board's network: a Wi-Fi on the loopback device.

SIDEBOARD_WIFI holds the networks in reach as JSON, {"home": {"password": "…", "rssi": -50}, …}, where
"dhcp": false is one that gives no address, and "hidden": true one without its name; without it every name
and every password is right. SIDEBOARD_WIFI_FILE names a JSON file that is read again and again: {"up": false}
takes the Wi-Fi away (it returns by itself, as on an ESP32), {"dns": "127.0.0.9"} sets the name server, and
{"networks": …} stands in the place of SIDEBOARD_WIFI.
"""

import json
import os
import time

STA_IF = 0
AP_IF = 1

# As extmod/modnetwork.c has them for the CYW43 of rp2 and stm32, and ports/esp32/modnetwork_globals.h.
_ESP32 = os.getenv("SIDEBOARD_NETWORK") != "lwip"
STAT_IDLE = 1000 if _ESP32 else 0
STAT_CONNECTING = 1001 if _ESP32 else 1
STAT_GOT_IP = 1010 if _ESP32 else 3
STAT_NO_AP_FOUND = 201 if _ESP32 else -2
STAT_WRONG_PASSWORD = 202 if _ESP32 else -3
STAT_CONNECT_FAIL = 203 if _ESP32 else -1
if _ESP32:
    STAT_ASSOC_FAIL = 203

AUTH_OPEN = 0
AUTH_WEP = 1
AUTH_WPA_PSK = 2
AUTH_WPA2_PSK = 3
AUTH_WPA_WPA2_PSK = 4

_ADDRESS = "127.0.0.1"
_POINT = "127.0.4.1"  # also this computer
_MASK = "255.0.0.0"
_NOWHERE = "0.0.0.0"
_JOIN_MS = 100
_SCAN_MS = 100  # a real one takes two seconds and more
_NO_ADDRESS = 1001 if _ESP32 else 2  # CYW43_LINK_NOIP
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


def _networks():
    """Those in reach, or None: all that there may be."""
    air = _air()
    if not air.get("up", True):
        return {}
    return air.get("networks") or json.loads(os.getenv("SIDEBOARD_WIFI") or "null")


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
            wlan._failed = None  # the status that an ESP32 goes on telling
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
            self._settings["key"] = key.decode() if isinstance(key, bytes) else key or ""
        self._joining = time.ticks_ms()

    def disconnect(self):
        self._need_station()
        self._need_active()
        self._joining = None

    def isconnected(self):
        """For the station: whether it has an address. No other station ever joins the access point."""
        return self._is_station and self._link() == STAT_GOT_IP

    def status(self, param=None):
        if param == "rssi" and self._is_station:
            if _ESP32 and self._link() not in (STAT_GOT_IP, _NO_ADDRESS):
                raise OSError("Wifi Not Connected")
            return (_networks() or {}).get(self._settings["ssid"], {}).get("rssi", -50)
        if param == "stations" and not self._is_station:
            return []
        if param is not None:
            raise ValueError("unknown status param")
        link = self._link()
        if _ESP32:  # it tells the last failure until there is another, or success
            if link == STAT_CONNECTING and self._failed:
                return self._failed
            self._failed = link if link in (STAT_NO_AP_FOUND, STAT_WRONG_PASSWORD) else None
        return link

    def _link(self):
        if self._joining is None:
            return STAT_IDLE
        if time.ticks_diff(time.ticks_ms(), self._joining) < _JOIN_MS:
            return STAT_CONNECTING
        name, networks = self._settings["ssid"], _networks()
        if not name or networks is not None and name not in networks:
            return STAT_NO_AP_FOUND
        network = networks[name] if networks else {}
        if self._settings["key"] != network.get("password", self._settings["key"]):
            return STAT_WRONG_PASSWORD
        return STAT_GOT_IP if network.get("dhcp", True) else _NO_ADDRESS

    def scan(self):
        """Stops everything, as on boards. In reach without SIDEBOARD_WIFI: the one that was joined last."""
        self._need_station()
        self._need_active()
        time.sleep_ms(_SCAN_MS)
        networks = _networks()
        if networks is None:
            networks = {self._settings["ssid"] or "mpy-board": {"password": "?"}}
        found = []
        for name, network in networks.items():
            security = AUTH_WPA2_PSK if network.get("password") else AUTH_OPEN
            hidden = "" if network.get("hidden") else name
            mac = b"\x02\x00\x00\x00\x00" + bytes([len(found)])
            found.append((hidden.encode(), mac, 1, network.get("rssi", -50), security, False))
        return found

    def ifconfig(self, addresses=None):
        """(address, mask, gateway, name server); others are taken and make no difference."""
        if addresses is None:
            if self._has_address():
                address = _ADDRESS if self._is_station else _POINT
                return (address, _MASK, address, _dns())
            return (_NOWHERE,) * 4
        if addresses != "dhcp" and len(addresses) != 4:
            raise ValueError("requested length 4 but object has length %d" % len(addresses))

    def ipconfig(self, param=None, **settings):
        _one_or_settings(param, settings, ("addr4", "gw4", "dhcp4", "has_dhcp4"))
        if param == "addr4":
            return (self.ifconfig()[0], _MASK) if self._has_address() else (_NOWHERE, _NOWHERE)
        if param == "gw4":
            return self.ifconfig()[2]
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
