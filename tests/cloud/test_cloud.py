"""The local cloud, as a device sees it, and as its dashboard shows it."""

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request

import cbor2
import pytest
from mqtt_device import HUNG_UP, Device

from tools import ROOT
from tools.local import Cloud
from tools.processes import Process, free_port

LIGHT = {"swi": True, "hue": 120, "sat": 100, "bri": 50}
THING = [
    {"name": "led", "type": "bool", "permission": "READ_ONLY", "value": False},
    {"name": "ledSwitch", "type": "bool", "permission": "READ_WRITE"},
    {"name": "light", "type": "ColoredLight", "permission": "READ_WRITE", "value": LIGHT},
    {"name": "lamp", "type": "ColoredLight"},
    {"name": "level", "type": "float", "value": 1},
]
# Seen from the official client.
GET_LAST_VALUES = bytes.fromhex("81a20063723a6d036d6765744c61737456616c756573")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(tmp_path_factory.mktemp("cloud"), THING) as cloud:
        yield cloud


class Linked(Device):
    """A device that has found its Thing and listens to it."""

    def __init__(self, cloud, **options):
        super().__init__(cloud, **options)
        assert self.subscribe(f"/a/d/{self.id}/e/i") == 1
        self.thing = cbor2.loads(self.receive()[1])[0][3]
        self.out = f"/a/t/{self.thing}/e/o"
        assert self.subscribe(f"/a/t/{self.thing}/e/i") == 1
        assert self.subscribe(f"/a/t/{self.thing}/shadow/i") == 1

    def tell(self, *records):
        """Sends (name, label, value) records."""
        self.publish(self.out, cbor2.dumps([{0: name, label: value} for name, label, value in records]))

    def last_values(self):
        """Asks for the last values: (records by name, the bytes)."""
        self.publish(f"/a/t/{self.thing}/shadow/o", GET_LAST_VALUES)
        topic = None
        while topic != f"/a/t/{self.thing}/shadow/i":  # changes on the dashboard may come before
            topic, data = self.receive()
        return {record[0]: record for record in cbor2.loads(data)}, data


@pytest.fixture
def device(cloud):
    with Linked(cloud) as device:
        yield device


def test_thing_id_comes_with_each_subscription(cloud):
    with Device(cloud) as device:
        topic = f"/a/d/{device.id}/e/i"
        packs = []
        for _ in range(2):
            device.subscribe(topic)
            packs.append(device.receive())
        assert packs[0] == packs[1]
        assert packs[0][0] == topic
        assert cbor2.loads(packs[0][1]) == [{0: "thing_id", 3: cbor2.loads(packs[0][1])[0][3]}]


def test_last_values_come_in_one_pack_with_the_times_of_their_changes(cloud, device):
    before = time.time()
    cloud.page.put("level", 2)
    after = time.time()
    records, data = device.last_values()
    assert data[0] == 0x9F, "an array of indefinite length"
    assert records["level"][2] == 2.0
    base = next(iter(records.values()))[-3]
    assert before <= base + records["level"][6] <= after
    assert base + records["led"][6] < before
    assert {name: records[f"light:{name}"].get(2, records[f"light:{name}"].get(4)) for name in LIGHT} == LIGHT
    assert isinstance(base, float) and isinstance(records["led"][6], float)
    assert "ledSwitch" not in records, "it has no value yet"


def test_last_values_bring_the_time_zone(device):
    records, _ = device.last_values()
    assert records["tz_offset"][2] == time.localtime().tm_gmtoff
    assert time.time() < records["tz_dst_until"][2] <= time.time() + 366 * 86400


def test_change_on_the_dashboard_reaches_the_device(cloud, device):
    assert cloud.page.put("ledSwitch", True)[0] == 200
    topic, data = device.receive()
    assert topic == f"/a/t/{device.thing}/e/i"
    assert data == bytes.fromhex("81a200696c656453776974636804f5"), "an array of definite length"


def test_composite_goes_out_whole(cloud, device):
    cloud.page.put("light", {"hue": 240})
    assert cbor2.loads(device.receive()[1]) == [
        {0: "light:swi", 4: True},
        {0: "light:hue", 2: 240.0},
        {0: "light:sat", 2: 100.0},
        {0: "light:bri", 2: 50.0},
    ]


def test_parts_never_set_are_zero_as_soon_as_one_is_set(cloud, device):
    assert cloud.page.value("lamp") == dict.fromkeys(LIGHT)
    cloud.page.put("lamp", {"hue": 10})
    assert len(cbor2.loads(device.receive()[1])) == 4
    assert cloud.page.value("lamp") == {"swi": False, "hue": 10.0, "sat": 0.0, "bri": 0.0}


def test_change_reaches_the_device_within_milliseconds(cloud, device):
    took = []
    for number in range(20):
        began = time.perf_counter()
        cloud.page.put("level", number)
        device.receive()
        took.append(time.perf_counter() - began)
    assert sorted(took)[10] < 0.02


@pytest.mark.parametrize(
    "data",
    [
        cbor2.dumps([{0: "led", 4: True}, {0: "light:hue", 2: 30}]),
        cbor2.dumps([{"n": "led", "vb": True}, {"n": "light:hue", "v": 30, "u": "deg"}]),
        b"\x9f" + cbor2.dumps({0: "led", 4: True}) + cbor2.dumps({0: "light:hue", 2: 30.0}) + b"\xff",
        cbor2.dumps([{-2: "x", -3: 1e9, 0: "led", 4: True, 6: 5}, {0: "light:hue", 2: 30, 99: [{}]}]),
    ],
    ids=["integer labels", "text labels", "indefinite length", "base name, times, unknown keys"],
)
def test_values_of_the_device_are_shown_and_not_sent_back(cloud, device, data):
    device.tell(("led", 4, False), ("light:hue", 2, 0))
    with cloud.page.follow() as page:
        page.wait_for("led", False)
        device.publish(device.out, data)
        page.wait_for("led", True)
        page.wait_for("light", {"hue": 30.0, "sat": 100})
    assert device.messages() == []


def test_variables_that_the_device_brings_are_added(cloud, device):
    device.tell(("new", 4, True), ("count", 2, 7), ("warm", 2, 21.5), ("text", 3, "hé"))
    device.tell(("own:swi", 4, False), ("own:hue", 2, 1), ("own:sat", 2, 2.5), ("own:bri", 2, 3))
    with cloud.page.follow() as page:
        page.wait_for("own", {"bri": 3})
        found = {name: (v["type"], v["value"], v["writable"]) for name, v in page.variables.items()}
    assert found["new"] == ("bool", True, True)
    assert found["count"] == ("int", 7, True)
    assert found["warm"] == ("float", 21.5, True)
    assert found["text"] == ("string", "hé", True)
    assert found["own"] == ("ColoredLight", {"swi": False, "hue": 1.0, "sat": 2.5, "bri": 3.0}, True)
    assert device.messages() == []


def test_read_only_variable_is_refused_on_the_dashboard(cloud):
    status, answer = cloud.page.put("led", True)
    assert status == 403 and "led" in answer["error"]


@pytest.mark.parametrize(
    "data",
    ["", "ff", "81", "81a1", "a0", "81f5", "81a10004", "81a20004f5", "82a200656c6576656c0207a100636c6564",
     "81a2006474657374021bff", "9fa200656c6576656c0207", "82a2006478787878f504a200656c6576656c0207"],
)  # fmt: skip
def test_malformed_pack_is_logged_and_changes_nothing(cloud, device, data):
    before = cloud.page.get()
    logged = cloud.output.count("Dropped a message")
    device.publish(device.out, bytes.fromhex(data))
    cloud.wait_for("Dropped a message", count=logged + 1)
    assert cloud.page.get() == before


def test_value_of_a_wrong_type_is_logged_and_the_others_are_taken(cloud, device):
    device.tell(("light", 4, True), ("light:nose", 2, 1), ("level", 2, 70))
    cloud.wait_for("Dropped a message", timeout=5)
    device.tell(("level", 3, "high"), ("half:lat", 2, 1), (257, 2, 2.0), ("other", 2, 71))
    cloud.wait_for("Dropped a value for level")
    cloud.wait_for("Dropped a value for half")
    cloud.wait_for("Dropped a value for the number 257")
    cloud.page.wait_for("other", 71)
    assert cloud.page.value("level") != 70


def test_version_of_the_library_is_recorded(cloud, device):
    device.publish(f"/a/d/{device.id}/c/up", b"\xda\0\1\7\0" + cbor2.dumps(["1.0.0-async"]))
    cloud.page.wait_for_status("version", "1.0.0-async")
    device.publish(f"/a/d/{device.id}/c/up", b"\xda\0\1\7\0" + cbor2.dumps("1"))
    cloud.wait_for("not a tagged array")


def test_messages_too_close_to_each_other_are_logged(cloud, device):
    time.sleep(0.5)  # the rule itself is about time
    logged = cloud.output.count("Too fast")
    device.tell(("level", 2, 1))
    device.tell(("level", 2, 2))
    cloud.wait_for("Too fast", count=logged + 1)
    assert cloud.output.count("Too fast") == logged + 1


def test_wrong_password_is_refused_and_disturbs_no_one(cloud, device):
    with Device(cloud, password="WRONG") as intruder:
        assert intruder.answer == 5
    with Device(cloud, device_id="someone-else") as intruder:
        assert intruder.answer == 5
    cloud.page.put("level", 33)
    assert cbor2.loads(device.receive()[1]) == [{0: "level", 2: 33.0}]


def test_foreign_topics_are_refused(cloud, device):
    for topic in ("#", "/a/#", "/a/d/+/e/i", "/a/d/other/e/i", f"/a/t/{device.thing}x/e/i", "$SYS/#"):
        assert device.subscribe(topic) == 128, topic
    device.publish("/a/t/other/e/o", cbor2.dumps([{0: "foreign", 2: 1}]))
    cloud.wait_for("Refused to publish: the topic /a/t/other/e/o")
    assert "foreign" not in cloud.page.get()


def test_plain_connection_and_garbage_are_survived(cloud, device):
    with socket.create_connection(("127.0.0.1", cloud.mqtt_port)) as plain:
        plain.sendall(b"\x10\x0c\0\4MQTT\4\2\0\x0a\0\0")
    context = ssl.create_default_context(cadata=(cloud.folder / "ca.der").read_bytes())
    with socket.create_connection(("127.0.0.1", cloud.mqtt_port)) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as garbage:
            garbage.sendall(b"GET / HTTP/1.1\r\n\r\n")
    device.ping()


def test_reconnecting_device_takes_over_at_once(cloud):
    with Linked(cloud) as first:
        cloud.page.put("level", 43)  # left without acknowledgement
        began = time.monotonic()
        with Linked(cloud) as second:
            assert time.monotonic() - began < 0.5
            with pytest.raises(HUNG_UP):
                first.ping()
            cloud.page.put("level", 44)
            assert cbor2.loads(second.receive()[1]) == [{0: "level", 2: 44.0}]
            assert cloud.page.get("/api/status")["board"] == "connected"
    cloud.page.wait_for_status("board", "offline")


def test_silent_device_is_cut_off(cloud):
    with Device(cloud, keep_alive=1) as device:
        began = time.monotonic()
        with pytest.raises(HUNG_UP):
            device.receive()
        assert 1.4 < time.monotonic() - began < 3
        cloud.page.wait_for_status("board", "offline")


def test_restarted_cloud_remembers_the_device_and_the_values(tmp_path):
    with Cloud(tmp_path, THING) as cloud:
        with Linked(cloud) as device:
            device.tell(("led", 4, True), ("brought", 2, 5))
            cloud.page.wait_for("brought", 5)
            cloud.page.put("light", {"hue": 99})
            values, _ = device.last_values()
        before, variables = cloud.secrets, cloud.page.get()
        authority = (tmp_path / "ca.der").read_bytes()
    with Cloud(tmp_path, THING, mqtt_port=cloud.mqtt_port) as again:
        assert again.page.get() == variables
        assert {**again.secrets, "__builtins__": None} == {**before, "__builtins__": None}
        assert (tmp_path / "ca.der").read_bytes() == authority
        with Linked(again) as device:
            now, _ = device.last_values()
            assert _times(now) == pytest.approx(_times(values), abs=1e-6)


def test_restarted_cloud_remembers_the_past_of_charts(tmp_path):
    layout = json.dumps({"widgets": [{"type": "Chart", "variables": [{"name": "level"}]}]}).encode()
    with Cloud(tmp_path, THING) as cloud:
        request = urllib.request.Request(f"{cloud.page.url}/api/dashboard", layout, method="PUT")
        urllib.request.urlopen(request, timeout=30).close()
        cloud.page.put("level", -50.5)
        cloud.page.put("level", 3)
        with cloud.page.follow() as page:
            assert page.past("level", 4)["points"] == [[-50.5, 3, 3]]
            assert page.past("led", 4)["points"] == []
    with Cloud(tmp_path, THING) as again, again.page.follow() as page:
        for ring in range(5):
            assert page.past("level", ring)["points"][0][:1] == [-50.5]


def _times(records):
    base = next(iter(records.values()))[-3]
    return {name: base + record[6] for name, record in records.items() if 6 in record}


def test_killed_cloud_remembers_too(tmp_path):
    with Cloud(tmp_path, THING) as cloud:
        cloud.page.put("level", 12.5)
        assert cloud.page.value("level") == 12.5
        cloud.kill()
    with Cloud(tmp_path, THING) as again:
        assert again.page.value("level") == 12.5


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_quickly_whoever_is_connected(tmp_path, number):
    with Cloud(tmp_path) as cloud:
        address = ("127.0.0.1", cloud.mqtt_port)
        context = ssl.create_default_context(cadata=(tmp_path / "ca.der").read_bytes())
        with (
            Linked(cloud),
            cloud.page.follow() as page,
            socket.create_connection(address),
            context.wrap_socket(socket.create_connection(address), server_hostname="localhost"),
        ):
            page.wait_until(lambda: page.status.get("board") == "connected", "device")
            assert cloud.stop(number) < 1
    assert "Traceback" not in cloud.output


def run(*options):
    command = [sys.executable, "-m", "tools.cloud", *map(str, options)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=10)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "does not exist"),
        ("[{", "is not JSON"),
        ("{}", "must hold a list"),
        ('["led"]', "variable 1: not an object"),
        ('[{"type": "bool"}]', "variable 1: name"),
        ('[{"name": "a:b", "type": "bool"}]', "name"),
        ('[{"name": "led", "type": "boolean"}]', "type of led must be one of bool,"),
        ('[{"name": "led", "type": "bool", "permission": "RW"}]', "permission of led must be READ_WRITE or"),
        ('[{"name": "led", "type": "bool", "value": 1}]', "led takes bool"),
        ('[{"name": "led", "type": "bool", "vlaue": true}]', "unknown key 'vlaue'"),
        ('[{"name": "led", "type": "bool"}, {"name": "led", "type": "int"}]', "variable 2: the name led"),
    ],
)
def test_unusable_thing_file_is_named_in_one_sentence(tmp_path, content, complaint):
    file = tmp_path / "thing.json"
    if content is not None:
        file.write_text(content)
    folder = tmp_path / "cloud"
    ended = run("--http-port", free_port(), "--mqtt-port", free_port(), "--dir", folder, "--thing", file)
    assert ended.returncode == 2
    assert str(file) in ended.stderr and complaint in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("option", ["--http-port", "--mqtt-port"])
def test_port_in_use_is_named_in_one_sentence(tmp_path, option):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = {"--http-port": free_port(), "--mqtt-port": free_port(), option: port}
        ended = run(*(word for pair in ports.items() for word in pair), "--dir", tmp_path)
    assert ended.returncode == 2
    assert ended.stderr == f"tools.cloud: {option} {port}: the port is in use\n"


def test_unusable_folder_is_named_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    ended = run("--http-port", free_port(), "--mqtt-port", free_port(), "--dir", tmp_path / "file")
    assert ended.returncode == 2
    assert str(tmp_path / "file") in ended.stderr and ended.stderr.count("\n") == 1


def test_waiting_for_output_that_never_comes_fails(tmp_path):
    with Process(sys.executable, "-c", "print('some')") as process:
        process.wait_for("some")
        with pytest.raises(AssertionError, match="ended without 'more'"):
            process.wait_for("more")
