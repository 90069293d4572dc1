"""Joining the Wi-Fi, again when it is lost, and the access point where there is none."""

import asyncio

import network
from loopback import soon
from observed import Log
from sideboard import wifi
from sideboard.compat import ticks_diff, ticks_ms

HOME, SHED = ("home", "pass word"), ("shed", "other key")
IN_REACH = {"home": {"password": "pass word", "rssi": -80}, "shed": {"password": "other key", "rssi": -40}}


class Joining:
    """A Wifi at work while waiting takes a tenth of the time; `addresses` are those it told.

    known: the networks that it knows; air: those in reach, as the stand-in takes them, or None: all.
    """

    def __init__(self, *known, air=None):
        self._known = list(known)
        self._air = air
        self._came = asyncio.Event()
        self._normal = wifi.sleep_ms
        self.addresses = []
        self.scans = 0

    async def __aenter__(self):
        for interface in (network.STA_IF, network.AP_IF):
            network.WLAN(interface).active(False)
        self._networks, network._networks = network._networks, lambda: self._air
        self._scan, network.WLAN.scan = network.WLAN.scan, self._counted_scan
        wifi.sleep_ms = lambda ms: asyncio.sleep_ms(ms // 10)
        self.wifi = wifi.Wifi(self._known, "lamp", "password", self._on_address)
        self._task = asyncio.create_task(self.wifi.keep_connected())
        return self

    async def __aexit__(self, *error):
        wifi.sleep_ms = self._normal
        network._networks = self._networks
        network.WLAN.scan = self._scan
        self._task.cancel()
        await asyncio.sleep_ms(0)

    def _counted_scan(self, *args):
        self.scans += 1
        return self._scan(network.WLAN(network.STA_IF))

    def _on_address(self, address):
        self.addresses.append(address)
        self._came.set()

    async def address(self):
        await soon(self._came.wait())
        self._came.clear()
        return self.addresses[-1]


async def test_station_joins_and_joins_again_when_it_is_lost():
    station = network.WLAN(network.STA_IF)
    with Log() as log:
        async with Joining(HOME) as joining:
            for _ in range(2):
                assert await joining.address() == "127.0.0.1" and station.config("ssid") == "home"
                station.disconnect()
    assert "Wi-Fi: lost home" in log.texts


async def test_access_point_opens_without_a_network_and_closes_when_it_is_back():
    point = network.WLAN(network.AP_IF)
    with Log() as log:
        async with Joining(("", "password")) as joining:  # no network has this name
            assert await joining.address() == "127.0.4.1" and point.active()
            assert point.config("ssid") == "lamp" and point.config("security") == network.AUTH_WPA2_PSK
            network.WLAN(network.STA_IF).connect("home", "password")
            assert await joining.address() == "127.0.0.1" and not point.active()
    assert any("access point lamp is open" in text for text in log.texts)


async def test_strongest_known_network_is_joined():
    station = network.WLAN(network.STA_IF)
    air = dict(IN_REACH, stranger={"password": "", "rssi": -20})
    for known in ([HOME, SHED], [SHED, HOME]):
        async with Joining(*known, air=air) as joining:
            await joining.address()
            assert station.config("ssid") == "shed" and joining.scans == 1


async def test_others_are_joined_when_the_strongest_does_not_let_the_board_in():
    with Log() as log:
        async with Joining(("shed", "old secret"), HOME, air=IN_REACH) as joining:
            await joining.address()
            assert network.WLAN(network.STA_IF).config("ssid") == "home"
    assert "Wi-Fi: shed refuses the password" in log.texts and "Wi-Fi: joining home" in log.texts
    assert not any("secret" in text or "pass word" in text for text in log.texts)


async def test_hidden_network_is_tried_after_those_that_are_seen():
    hidden = dict(IN_REACH["shed"], hidden=True)
    with Log() as log:
        async with Joining(SHED, HOME, air={"shed": hidden}) as joining:
            await joining.address()
            assert network.WLAN(network.STA_IF).config("ssid") == "shed"
    assert not any("scan" in text for text in log.texts)


async def test_network_that_comes_later_is_joined():
    async with Joining(HOME, SHED, air={}) as joining:
        assert await joining.address() == "127.0.4.1"  # the access point
        joining._air = {"home": IN_REACH["home"]}
        assert await joining.address() == "127.0.0.1"


async def test_loop_is_not_stopped_by_a_scan_for_one_network_or_an_open_page():
    class Visitor:
        page = True

    class Dashboard:
        visitors = [Visitor]

    async with Joining(HOME) as joining:
        await joining.address()
        assert joining.scans == 0
    async with Joining(HOME, SHED, air=IN_REACH) as joining:
        joining.wifi.dashboard = Dashboard
        await joining.address()
        assert joining.scans == 0


async def test_what_is_in_reach_is_told_once_for_each_name_the_strongest_first():
    air = dict(IN_REACH, near={"password": "", "rssi": -30}, hid={"hidden": True})
    for number in range(30):
        air["other%d" % number] = {"password": "x", "rssi": -90}
    async with Joining(HOME, air=air) as joining:
        await joining.address()
        joining.wifi.scan()
        reach = joining.wifi.reach
        assert reach[0] == {"ssid": "near", "rssi": -30, "open": True} and len(reach) == 20
        assert reach[1:3] == [
            {"ssid": "shed", "rssi": -40, "open": False},
            {"ssid": "home", "rssi": -80, "open": False},
        ]
        network.WLAN.scan = lambda wlan: [
            (name, b"", 1, rssi, 3, False)
            for name, rssi in ((b"a", -70), (b"a", -60), (b"a", -65), (b"\xff", -10), (b"", -10))
        ]
        joining.wifi.scan()
        assert joining.wifi.reach == [{"ssid": "a", "rssi": -60, "open": False}]


async def test_why_a_network_is_not_joined_is_told():
    air = dict(IN_REACH, deaf={"password": "x", "dhcp": False})
    async with Joining(HOME, air=air) as joining:
        await joining.address()
        for name, password, told in (
            ("nowhere", "x", "nowhere is not in reach"),
            ("shed", "x", "shed refuses the password"),
            ("nowhere", "x", "nowhere is not in reach"),
            ("shed", "other key", None),
            ("deaf", "x", "deaf gives the board no address"),
        ):
            async with joining.wifi.turn:
                assert await joining.wifi.join(name, password) == told


async def test_what_a_port_raises_may_hold_the_password():
    def refuses(wlan, name, key):
        raise OSError("could not connect to ssid=home, key=pass word")

    async with Joining(HOME) as joining:
        await joining.address()
        normal, network.WLAN.connect = network.WLAN.connect, refuses
        try:
            text = await joining.wifi.join(*HOME)
        finally:
            network.WLAN.connect = normal
        assert text.startswith("home does not let the board in") and "pass word" not in text


async def test_without_a_known_network_the_access_point_is_open_and_stays():
    async with Joining(air=IN_REACH) as joining:
        assert await joining.address() == "127.0.4.1" == joining.wifi.point
        assert [one["ssid"] for one in joining.wifi.reach] == ["shed", "home"]
        async with joining.wifi.turn:
            assert await joining.wifi.join(*HOME) is None
        await asyncio.sleep_ms(200)
        assert network.WLAN(network.AP_IF).active() and joining.addresses == ["127.0.4.1"]


async def test_access_point_stays_while_somebody_is_in_the_middle_of_the_setup():
    point = network.WLAN(network.AP_IF)
    normal, wifi._IN_USE_MS = wifi._IN_USE_MS, 400
    try:
        async with Joining(HOME, air={}) as joining:
            await joining.address()
            joining.wifi.asked = ticks_ms()
            joining._air = IN_REACH
            network.WLAN(network.STA_IF).connect(*HOME)
            since = ticks_ms()
            assert await joining.address() == "127.0.0.1" and not point.active()
            assert ticks_diff(ticks_ms(), since) >= 400 and joining.wifi.point is None
    finally:
        wifi._IN_USE_MS = normal


async def test_host_name_is_set():
    async with Joining(HOME) as joining:
        await joining.address()
    assert network.hostname() == "lamp"
