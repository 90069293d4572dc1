"""The official client works as a device of the local cloud: that is what makes it a cloud."""

import sys

import pytest

from tools import ROOT
from tools.local import Cloud
from tools.processes import Process

LIGHT = {"swi": True, "hue": 120, "sat": 100, "bri": 50}
THING = [
    {"name": "led", "type": "bool", "permission": "READ_ONLY", "value": False},
    {"name": "ledSwitch", "type": "bool", "permission": "READ_WRITE", "value": True},
    {"name": "light", "type": "ColoredLight", "permission": "READ_WRITE", "value": LIGHT},
]


@pytest.mark.parametrize("mode", ["async", "sync"])
def test_official_client_is_served(mode, tmp_path):
    script = ROOT / "tests" / "official" / "official_device.py"
    with Cloud(tmp_path, THING) as cloud, Process(sys.executable, script, mode, tmp_path) as device:
        with cloud.page.follow() as page:
            # Last values reach the device, and what its callback makes of them the cloud.
            device.wait_for("switch True")
            device.wait_for("light True 120.0 100.0 50.0")
            page.wait_for("led", True)
            assert page.status["board"] == "connected"

            assert cloud.page.put("ledSwitch", False)[0] == 200
            device.wait_for("switch False")
            page.wait_for("led", False)

            # The cloud sends a composite whole; the callback's own change comes back whole too.
            assert cloud.page.put("light", {"hue": 200})[0] == 200
            device.wait_for("light True 200.0 100.0 50.0")
            page.wait_for("light", {"swi": True, "hue": 200, "sat": 100, "bri": 12.5})

            page.wait_until(lambda: page.status.get("version") == f"1.4.1-{mode}", "version")
