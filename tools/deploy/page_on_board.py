"""Runs on a board whose program was interrupted: says where the page is that it served."""


def page():
    """(its address, the name of the board's own Wi-Fi or None); None if there is no page, or no network."""
    import sys

    import network

    if "sideboard.dashboard" not in sys.modules:
        return None
    import secrets

    port = getattr(secrets, "DASHBOARD_PORT", 80)
    for is_own in False, True:
        wifi = network.WLAN(network.AP_IF if is_own else network.STA_IF)
        if wifi.active() if is_own else wifi.isconnected():
            address = "http://%s%s/" % (wifi.ifconfig()[0], "" if port == 80 else ":%d" % port)
            return address, wifi.config("ssid") if is_own else None
