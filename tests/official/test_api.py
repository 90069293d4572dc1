"""Every public name, parameter, keyword and constant of the official package is here, too."""

import inspect
import json
import subprocess
import sys

import arduino_iot_cloud as ours
import pytest
from official_api import refused

from tools import ROOT

# What the official package's README and examples never use: the insides of its client, by our reasons.
INSIDES = {
    "ArduinoCloudClient": {
        "its MQTT and SenML parts, which are built otherwise here": {
            "mqtt", "mqtt_callback", "senmlpack", "senml_generic_callback", "create_topic",
            "device_topic", "command_topic", "keepalive", "last_ping", "ntp_server", "ntp_timeout",
        },
        "its polling; nothing is polled here": {
            "poll_connect", "poll_discovery", "poll_mqtt", "poll_records", "ts_expired",
        },
    },
    "ArduinoCloudObject": {
        "what its client calls on its objects": {
            "add_to_pack", "senml_callback", "run", "run_sync", "updated", "last_poll", "runnable",
            "on_write_scheduled", "timestamp", "callback",
        },
        "SenML's fields, of which it uses none": {"unit", "actuate"},
        "how it builds its own composites; every one that the cloud has is a class": {"keys"},
        "asked of composites alone: callbacks see other variables as plain values": {"__contains__"},
    },
}  # fmt: skip
INSIDES["Task"] = INSIDES["ArduinoCloudObject"]
MODULES = ["binascii", "ucloud", "umqtt", "ussl"]  # its insides by files


def inside(kind):
    return set().union(*INSIDES.get(kind, {}).values())


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    command = [sys.executable, ROOT / "tests" / "official" / "official_api.py"]
    folder = tmp_path_factory.mktemp("official")
    return json.loads(subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True).stdout)


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return ours.ArduinoCloudClient("device", "device", "password")


def parameters(function):
    return [one for one in inspect.signature(function).parameters.values() if one.name != "self"]


def check_parameters(official, function, where):
    """The same names in the same places with the same defaults; ours may have more behind them."""
    for (name, kind, default), own in zip(official, parameters(function), strict=False):
        if not name.endswith("kwargs"):
            assert (own.name, own.kind.name) == (name, kind), where
            if default and not isinstance(default, (dict, list)):
                assert own.default == default, f"{where}: {name}"
    names = [name for name, _, _ in official if not name.endswith("kwargs")]
    assert len(parameters(function)) >= len(names), where


def test_every_name_is_there(official):
    assert ours.__file__ == str(ROOT / "device" / "arduino_iot_cloud.py")
    assert official["modules"] == MODULES
    missing = [name for name in official["names"] if not hasattr(ours, name)]
    assert missing == []
    assert len(official["names"]) == 12


def test_every_name_is_there_on_micropython(official, micropython):
    names = ", ".join(sorted(official["names"]))
    assert micropython("-c", f"from arduino_iot_cloud import {names}\nprint('all')") == "all\n"


def test_authority_has_the_same_bytes(official):
    assert ours.CADATA.hex() == official["names"]["CADATA"]["hex"]


def test_functions_take_the_same_parameters(official):
    functions = {name: thing["function"] for name, thing in official["names"].items() if "function" in thing}
    assert functions.keys() == {"async_wifi_connection", "timestamp"}
    for name, described in functions.items():
        check_parameters(described, getattr(ours, name), name)


def classes(official):
    return {name: thing["class"] for name, thing in official["names"].items() if "class" in thing}


def test_constants_have_the_same_values(official):
    for name, described in classes(official).items():
        own = {key: getattr(getattr(ours, name), key, None) for key in described["constants"]}
        assert own == described["constants"]
    assert len(classes(official)["Television"]["constants"]) == 70


def test_methods_take_the_same_parameters(official):
    checked = []
    for name, described in classes(official).items():
        for method, described_parameters in described["methods"].items():
            if method in inside(name) or name == "Schedule" and method == "on_run":  # an attribute here
                continue
            own = getattr(getattr(ours, name), method)
            if not method.startswith("__"):
                check_parameters(described_parameters, own, f"{name}.{method}")
            checked.append(method)
        check_parameters(described["init"], getattr(ours, name), name)
    methods = {"create_task", "get", "register", "run", "start", "update", "update_systime"}
    assert {name for name in checked if not name.startswith("__")} == methods


def test_attributes_are_there(official, client):
    some = {"ArduinoCloudClient": client, "ArduinoCloudObject": ours.ArduinoCloudObject("some")}
    for name, thing in some.items():
        names = {*official["attributes"][name], *official["names"][name]["class"]["others"]} - inside(name)
        assert names and [attribute for attribute in names if not hasattr(thing, attribute)] == []


def test_objects_take_the_same_keywords(official):
    common = classes(official)["ArduinoCloudObject"]["keywords"]
    assert len(common) == 9
    for name, parts in official["parts"].items():
        for keyword in {*common, *classes(official)[name]["keywords"], *parts} - inside("ArduinoCloudObject"):
            getattr(ours, name)("some", **{keyword: None})


def test_objects_have_the_same_parts(official):
    assert sum(map(len, official["parts"].values())) == 21
    for name, parts in official["parts"].items():
        thing = getattr(ours, name)("some")
        for part in parts:
            assert part in thing
            setattr(thing, part, 1 if part not in ("swi", "mut") else True)
            assert getattr(thing, part) == 1


def test_unknown_keyword_is_a_type_error_where_it_is_one_there(official, client):
    calls = ["ArduinoCloudClient", "register", "start", "update", "update_systime", *official["parts"]]
    assert official["refused"] == sorted(calls)
    assert refused(ours, official["parts"], client) == official["refused"]
