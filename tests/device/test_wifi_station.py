"""Joining the Wi-Fi, and again when it is lost."""

import asyncio

import network
from loopback import soon
from observed import Log
from sideboard import wifi


class Quick:
    """Within `with Quick():`, waiting takes a tenth of the time."""

    def __enter__(self):
        self._normal = wifi.sleep_ms
        wifi.sleep_ms = lambda ms: asyncio.sleep_ms(ms // 10)

    def __exit__(self, *error):
        wifi.sleep_ms = self._normal


async def test_station_joins_and_joins_again_when_it_is_lost():
    station = network.WLAN(network.STA_IF)
    station.active(False)
    addresses = []
    came = asyncio.Event()

    def on_address(address):
        addresses.append(address)
        came.set()

    with Quick(), Log() as log:
        joining = asyncio.create_task(wifi.keep_connected("home", "password", on_address))
        for count in (1, 2):
            await soon(came.wait())
            came.clear()
            assert addresses == ["127.0.0.1"] * count and station.config("ssid") == "home"
            station.disconnect()
        joining.cancel()
    assert "Wi-Fi: lost home" in log.texts
