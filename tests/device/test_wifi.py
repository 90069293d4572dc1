"""Joining the Wi-Fi, again when it is lost, and the access point where there is none."""

import asyncio

import network
from loopback import soon
from observed import Log
from sideboard import wifi


class Joining:
    """A Wifi at work while waiting takes a tenth of the time; `addresses` are those it told."""

    def __init__(self, ssid):
        self._ssid = ssid
        self._came = asyncio.Event()
        self._normal = wifi.sleep_ms
        self.addresses = []

    async def __aenter__(self):
        for interface in (network.STA_IF, network.AP_IF):
            network.WLAN(interface).active(False)
        wifi.sleep_ms = lambda ms: asyncio.sleep_ms(ms // 10)
        joined = wifi.Wifi([(self._ssid, "password")], "lamp", "password", self._on_address)
        self._task = asyncio.create_task(joined.keep_connected())
        return self

    async def __aexit__(self, *error):
        wifi.sleep_ms = self._normal
        self._task.cancel()
        await asyncio.sleep_ms(0)

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
        async with Joining("home") as joining:
            for _ in range(2):
                assert await joining.address() == "127.0.0.1" and station.config("ssid") == "home"
                station.disconnect()
    assert "Wi-Fi: lost home" in log.texts


async def test_access_point_opens_without_a_network_and_closes_when_it_is_back():
    point = network.WLAN(network.AP_IF)
    with Log() as log:
        async with Joining("") as joining:  # no network has this name
            assert await joining.address() == "127.0.4.1" and point.active()
            assert point.config("ssid") == "lamp" and point.config("security") == network.AUTH_WPA2_PSK
            network.WLAN(network.STA_IF).connect("home", "password")
            assert await joining.address() == "127.0.0.1" and not point.active()
    assert any("access point lamp is open" in text for text in log.texts)


async def test_host_name_is_set():
    async with Joining("home") as joining:
        await joining.address()
    assert network.hostname() == "lamp"
