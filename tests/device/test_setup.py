"""The setup over HTTP: who may ask, what is told, what a form does, how trying it goes."""

import asyncio
import json
import os
import sys

from loopback import soon
from sideboard import portal, setup
from test_login import basic
from visitor import Served

OWNER, GUEST = "owner's key", "guest"
POINT = "192.168.4.1"
SECRETS = 'LED = 5\nWIFI_SSID = "home"\nWIFI_PASS = "first password"\nDASHBOARD_PASSWORD = "owner\'s key"\n'
DEVICE = {"device_id": "b7e6", "secret_key": "SECRET"}


class Station:
    def __init__(self):
        self.network = None

    def isconnected(self):
        return self.network is not None

    def ifconfig(self):
        return ("192.168.1.7",)

    def disconnect(self):
        self.network = None


class Wifi:
    """As wifi.Wifi, with networks {name: password, …} in the air; `tried` are those it was to join."""

    hostname = "lamp"
    asked = None

    def __init__(self, networks=(), point=POINT, **air):
        self.networks = networks
        self.point = point
        self.reach = [{"ssid": "home", "rssi": -50, "open": False}]
        self.turn = asyncio.Lock()
        self.station = Station()
        self.tried = []
        self.scans = 0
        self._air = air

    def scan(self):
        self.scans += 1

    async def join(self, name, password):
        self.tried.append((name, password))
        self.station.disconnect()
        await asyncio.sleep(0)
        if name not in self._air:
            return "%s is not in reach" % name
        if self._air[name] != password:
            return "%s refuses the password" % name
        self.station.network = name


class Board:
    """`async with Board(Wifi()) as board:` serves in a folder of its own with this secrets.py."""

    def __init__(self, air=None, secrets=SECRETS, cloud=None, **options):
        self.wifi = air
        self.restarted = asyncio.Event()
        self.asked_cloud = []
        self._cloud = cloud
        self._secrets = secrets
        self._options = options

    async def __aenter__(self):
        self._before = os.getcwd(), setup._TOLD_MS, setup._refusal, sys.modules.get("machine")
        self._module = sys.modules.pop("secrets", None)
        self._folder = "/tmp/setup-%d" % int.from_bytes(os.urandom(6), "big")
        os.mkdir(self._folder)
        os.chdir(self._folder)
        names = {}
        exec(self._secrets, names)
        sys.modules["secrets"] = type("secrets", (), names)
        with open("secrets.py", "w") as file:
            file.write(self._secrets)
        setup._TOLD_MS = 0
        setup._refusal = self._refusal
        sys.modules["machine"] = self
        self._served = Served(**self._options)
        self._served.wifi = self.wifi
        if self.wifi:
            self.wifi.dashboard = self._served
        await self._served.__aenter__()
        self._leading = None
        if self.wifi and self.wifi.point:
            self.wifi.dashboard = self._served
            self._leading = asyncio.create_task(portal.lead(self.wifi))
            await asyncio.sleep(0)
        return self

    async def __aexit__(self, *error):
        if self._leading:
            self._leading.cancel()
        await self._served.__aexit__()
        folder, setup._TOLD_MS, setup._refusal, machine = self._before
        os.chdir(folder)
        for name in os.listdir(self._folder):
            os.remove(self._folder + "/" + name)
        os.rmdir(self._folder)
        for name, module in (("machine", machine), ("secrets", self._module)):
            del sys.modules[name]
            if module:
                sys.modules[name] = module

    def reset(self):
        self.restarted.set()

    async def _refusal(self, settings):
        self.asked_cloud.append(settings.login()["password"])
        return self._cloud

    async def ask(self, method="GET", form=None, path="/api/setup", headers=""):
        """(status, answer)"""
        body = b"" if form is None else json.dumps(form).encode()
        status, _, answer = await self._served.request(method, path, body, headers)
        return status, json.loads(answer)

    async def lead(self, path, host=None):
        """(status, Location) for a GET."""
        visitor = await self._served.visit("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (path, host or "board"))
        status, headers = await visitor.head()
        visitor.close()
        return status, headers.get("location")

    def url(self, path):
        return "http://%s:%d/%s" % (POINT, self._served.port, path)

    async def tried(self, form):
        """What is told once this form was tried."""
        status, answer = await self.ask("PUT", form)
        assert (status, answer["state"]) == (202, "trying"), answer

        async def ended():
            while True:
                answer = (await self.ask())[1]
                if answer["state"] != "trying":
                    return answer

        return await soon(ended())

    def written(self):
        names = {}
        with open("secrets.py") as file:
            exec(file.read(), names)
        return {name: names[name] for name in names if name[:2] != "__"}


# Who may ask


async def test_without_a_password_nobody_may_but_on_the_access_point():
    for air in None, Wifi(point=None):
        async with Board(air) as board:
            for method in "GET", "PUT", "DELETE":
                status, answer = await board.ask(method, {"hostname": "desk"})
                assert status == 403 and "DASHBOARD_PASSWORD" in answer["error"]
            assert board.written()["WIFI_SSID"] == "home"
    async with Board(Wifi()) as board:
        assert (await board.ask())[0] == 200


async def test_without_a_password_neighbours_in_a_network_that_is_back_may_not():
    """While somebody uses its setup the access point stays open."""
    air = Wifi(networks=(("home", "x"),))
    async with Board(air) as board:
        air.station.network = "home"
        for method in "PUT", "DELETE":
            status, answer = await board.ask(method, {"hostname": "desk"})
            assert status == 403 and "DASHBOARD_PASSWORD" in answer["error"]
        assert board.written()["WIFI_SSID"] == "home" and "HOSTNAME" not in board.written()
        assert (await board.ask())[0] == 200


async def test_with_a_password_the_owner_may_and_guests_may_not():
    for point in None, POINT:
        async with Board(Wifi(point=point), password=OWNER, guest=GUEST) as board:
            assert (await board.ask())[0] == 401
            assert (await board.ask(headers=basic(GUEST)))[0] == 403
            assert (await board.ask("PUT", {"hostname": "desk"}, headers=basic(GUEST)))[0] == 403
            assert (await board.ask(headers=basic(OWNER)))[0] == 200
            assert board.written()["WIFI_SSID"] == "home"


async def test_foreign_pages_and_names_may_not():
    async with Board(Wifi()) as board:
        assert (await board.ask("PUT", {"hostname": "desk"}, headers="Origin: http://evil\r\n"))[0] == 403
        assert (await board.lead("/api/setup", "evil.example"))[0] == 421


async def test_only_what_is_asked_for_as_such_removes_settings():
    """A page from elsewhere may have a browser send HEAD, without Origin."""
    async with Board(Wifi()) as board:
        for method in "HEAD", "head", "get", "put", "delete", "POST", "OPTIONS":
            visitor = await board._served.visit(method + " /api/setup HTTP/1.1\r\nHost: board\r\n\r\n")
            await visitor.head()
            visitor.close()
            assert board.written()["WIFI_SSID"] == "home" and not board.restarted.is_set(), method


# What is told


async def test_what_is_told_holds_no_secret():
    async with Board(Wifi(networks=(("home", "first password"),))) as board:
        status, answer = await board.ask()
        assert status == 200 and answer == {
            "state": "waiting",
            "error": None,
            "about": None,
            "address": None,
            "networks": [{"ssid": "home", "rssi": -50, "open": False}],
            "known": ["home"],
            "hostname": "lamp",
            "fresh": False,
        }


async def test_first_start_is_told():
    async with Board(Wifi(), "") as board:
        answer = (await board.ask())[1]
        assert answer["fresh"] is True and answer["known"] == []


async def test_scan_is_made_when_it_is_asked_for_or_none_was():
    air = Wifi()
    async with Board(air) as board:
        await board.ask()
        assert air.scans == 0 and air.asked is not None
        await board.ask(path="/api/setup?scan=1")
        assert air.scans == 1
        air.reach = []
        await board.ask()
        assert air.scans == 2


# Any address leads there


async def test_any_address_leads_to_the_setup_at_a_first_start():
    async with Board(Wifi(), "") as board:
        for host, path in (
            ("connectivitycheck.gstatic.com", "/generate_204"),
            ("clients3.google.com", "/gen_204"),
            ("captive.apple.com", "/hotspot-detect.html"),
            ("www.msftconnecttest.com", "/connecttest.txt"),
            ("www.msftncsi.com", "/ncsi.txt"),
            ("www.msftconnecttest.com", "/redirect"),
            ("detectportal.firefox.com", "/canonical.html"),
            ("detectportal.firefox.com", "/success.txt?ipv4"),
            ("any.example", "/"),
            ("any.example", "/setup"),
            (None, "/"),
            (None, "/generate_204"),
            (None, "/no/such/path"),
        ):
            assert await board.lead(path, host) == (302, board.url("setup")), (host, path)
        assert await board.lead("/setup") == (200, None)
        assert (await board.lead("/api/nothing"))[0] == 404
        for path in "/api/status", "/api/variables", "/ws":
            assert (await board.lead(path, "any.example"))[0] == 421


async def test_later_any_address_leads_to_the_page():
    async with Board(Wifi(networks=(("home", "x"),))) as board:
        for host, path in (("captive.apple.com", "/hotspot-detect.html"), (None, "/generate_204")):
            assert await board.lead(path, host) == (302, board.url(""))
        assert (await board.lead("/"))[0] == 200


async def test_without_an_access_point_no_address_leads_there():
    async with Board(Wifi(networks=(("home", "x"),), point=None)) as board:
        assert (await board.lead("/generate_204"))[0] == 404
        assert (await board.lead("/", "captive.apple.com"))[0] == 421


# Forms


async def test_owners_form_is_written_and_holds_from_the_next_start():
    air = Wifi(point=None, networks=(("home", "x"),))
    async with Board(air, password=OWNER) as board:
        form = dict(DEVICE, wifi=[["home", None], ["shed", "other"]], hostname="desk", password="new one")
        status, answer = await board.ask("PUT", form, headers=basic(OWNER))
        assert status == 202 and answer["state"] == "done" and answer["known"] == ["home", "shed"]
        assert board.written() == {
            "LED": 5,
            "WIFI": [["home", "first password"], ["shed", "other"]],
            "WIFI_SSID": "home",
            "WIFI_PASS": "first password",
            "WIFI_PASSWORD": "first password",
            "DEVICE_ID": "b7e6",
            "SECRET_KEY": "SECRET",
            "CLOUD_PASSWORD": "SECRET",
            "HOSTNAME": "desk",
            "DASHBOARD_PASSWORD": "new one",
        }
        assert not air.tried and not board.restarted.is_set()
        status, answer = await board.ask("PUT", {"wifi": [["shed", None]]}, headers=basic(OWNER))
        written = board.written()
        assert status == 202 and "WIFI" not in written and written["WIFI_PASS"] == "other"
        await board.ask("PUT", {"hostname": "", "password": ""}, headers=basic(OWNER))
        assert "HOSTNAME" not in board.written() and "DASHBOARD_PASSWORD" not in board.written()


async def test_wrong_form_is_named_and_changes_nothing():
    async with Board(Wifi(home="x")) as board:
        before = board.written()
        for form, named in (
            ({"wifi": []}, "wifi"),
            ({"wifi": {}}, "wifi"),
            ({"wifi": "ab"}, "wifi"),
            ({"wifi": ["ab"]}, "wifi"),
            ({"wifi": [["a"]]}, "wifi"),
            ({"wifi": [["a", "b", "c"]]}, "wifi"),
            ({"wifi": [["a", 5]]}, "wifi"),
            ({"wifi": [[5, "a"]]}, "wifi"),
            ({"wifi": [[["a"], None]]}, "wifi"),
            ({"wifi": [["", "a"]]}, "WIFI"),
            ({"wifi": [["home", None], 5]}, "wifi"),
            ({"wifi": [["unknown", None]]}, "wifi"),
            ({"wifi": [["n%d" % n, "p"] for n in range(9)]}, "wifi"),
            ({"device_id": 5}, "device_id"),
            ({"secret_key": None}, "secret_key"),
            ({"secret_key": ["x"]}, "secret_key"),
            ({"hostname": "my lamp"}, "HOSTNAME"),
            ({"hostname": "l" * 33}, "HOSTNAME"),
            ({"password": True}, "password"),
            ({"CLOUD_SERVER": "evil.example"}, "CLOUD_SERVER"),
            ({"hostname": "desk", "password": 5}, "password"),
            (["wifi"], "wifi"),
            (5, "all"),
        ):
            status, answer = await board.ask("PUT", form)
            assert status == 422 and named in answer["error"], (form, answer)
            assert "first password" not in answer["error"]
        status, _, _ = await board._served.request("PUT", "/api/setup", b"{wifi")
        assert status == 400
        status, _, _ = await board._served.request("PUT", "/api/setup", b'"' + b"x" * 5000 + b'"')
        assert status == 413
        assert board.written() == before and not board.wifi.tried


async def test_guests_password_of_the_owner_is_refused():
    secrets = SECRETS + 'DASHBOARD_GUEST_PASSWORD = "guest"\n'
    async with Board(Wifi(point=None), secrets, password=OWNER, guest=GUEST) as board:
        for password in "guest", "":
            status, answer = await board.ask("PUT", {"password": password}, headers=basic(OWNER))
            assert status == 422 and "DASHBOARD_GUEST_PASSWORD" in answer["error"]


async def test_secrets_that_cannot_be_edited_are_told():
    async with Board(Wifi(), "if 1:\n    HOSTNAME = 'lamp'\n") as board:
        status, answer = await board.ask("PUT", {"hostname": ""})
        assert status == 422 and "HOSTNAME" in answer["error"]


# Trying


async def test_right_settings_are_written_and_the_board_restarts():
    async with Board(Wifi(shed="pass word"), "") as board:
        answer = await board.tried(dict(DEVICE, wifi=[["shed", "pass word"]]))
        assert answer["state"] == "done" and answer["address"] == "192.168.1.7" and answer["error"] is None
        assert answer["hostname"] == "sideboard-b7e6"  # as it will be called, not as it was
        await soon(board.restarted.wait())
        assert board.asked_cloud == [b"SECRET"]
        assert board.written()["WIFI_SSID"] == "shed" and board.written()["SECRET_KEY"] == "SECRET"


async def test_without_credentials_the_cloud_is_not_asked():
    async with Board(Wifi(shed="pass word"), "") as board:
        assert (await board.tried({"wifi": [["shed", "pass word"]]}))["state"] == "done"
        assert not board.asked_cloud


async def test_wrong_password_is_told_and_never_taken():
    async with Board(Wifi(shed="pass word"), "") as board:
        for _ in range(2):
            answer = await board.tried({"wifi": [["shed", "password"]]})
            assert answer["state"] == "failed" and answer["error"] == "shed refuses the password"
            assert answer["about"] == "wifi" and answer["address"] is None
        assert board.written() == {} and not board.restarted.is_set()


async def test_key_that_the_cloud_refuses_is_told_and_never_taken():
    refusal = "mqtts-up.iot.arduino.cc refused DEVICE_ID and SECRET_KEY"
    async with Board(Wifi(shed="pass word"), "", refusal) as board:
        for _ in range(2):
            answer = await board.tried(dict(DEVICE, wifi=[["shed", "pass word"]]))
            assert (answer["state"], answer["about"], answer["error"]) == ("failed", "cloud", refusal)
        assert board.written() == {} and not board.wifi.station.isconnected()


async def test_what_may_be_right_elsewhere_is_taken_the_second_time():
    unreachable = "mqtts-up.iot.arduino.cc does not answer"
    for air, cloud, about, text in (
        ({"home": "x"}, None, "wifi", "shed is not in reach"),
        ({"shed": "pass word"}, unreachable, "cloud", unreachable),
    ):
        async with Board(Wifi(**air), "", cloud) as board:
            form = dict(DEVICE, wifi=[["shed", "pass word"]])
            answer = await board.tried(form)
            assert answer["state"] == "failed" and answer["about"] == about
            assert answer["error"].startswith(text) and "once more" in answer["error"]
            answer = await board.tried(dict(form, hostname="desk"))  # another form
            assert answer["state"] == "failed" and board.written() == {}
            answer = await board.tried(dict(form, hostname="desk"))
            assert answer["state"] == "done" and board.written()["HOSTNAME"] == "desk"
            assert answer["hostname"] == "desk"
            await soon(board.restarted.wait())


async def test_known_network_that_is_gone_is_no_error_beside_one_that_is_there():
    async with Board(Wifi(networks=(("home", "x"),), shed="pass word")) as board:
        answer = await board.tried(dict(DEVICE, wifi=[["shed", "pass word"], ["home", None]]))
        assert answer["state"] == "done" and board.asked_cloud and board.wifi.station.network == "shed"
        assert board.written()["WIFI"] == [["shed", "pass word"], ["home", "first password"]]


async def test_while_one_is_tried_no_other_is_taken():
    air = Wifi(shed="pass word")
    async with Board(air, "") as board:
        async with air.turn:  # the board is just joining one of its own
            assert (await board.ask("PUT", {"wifi": [["shed", "pass word"]]}))[0] == 202
            for method in "PUT", "DELETE":
                assert (await board.ask(method, {"hostname": "desk"}))[0] == 409
            answer = (await board.ask(path="/api/setup?scan=1"))[1]
            assert answer["state"] == "trying" and not air.scans and not air.tried
        await soon(board.restarted.wait())


async def test_flash_without_room_is_told_and_the_old_file_stays():
    def full(text):
        raise OSError(28)

    normal, setup.save = setup.save, full
    try:
        async with Board(Wifi(shed="pass word")) as board:
            before = board.written()
            answer = await board.tried({"wifi": [["shed", "pass word"]]})
            assert answer["state"] == "failed" and "secrets.py" in answer["error"]
            assert (await board.ask("DELETE"))[0] == 507
            assert board.written() == before and not board.restarted.is_set()
    finally:
        setup.save = normal


async def test_back_to_a_first_start_only_ours_is_removed():
    secrets = SECRETS + 'DEVICE_ID = "b7e6"\nDASHBOARD_GUEST_PASSWORD = "guest"\nCLOUD_SERVER = "x.example"\n'
    async with Board(Wifi(point=None), secrets, password=OWNER, guest=GUEST) as board:
        status, answer = await board.ask("DELETE", headers=basic(OWNER))
        assert status == 200 and answer["state"] == "done"
        await soon(board.restarted.wait())
        assert board.written() == {"LED": 5, "CLOUD_SERVER": "x.example"}
