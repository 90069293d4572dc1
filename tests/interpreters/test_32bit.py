"""Runs the tests of tests/device with the numbers of boards: ints of 31 bits, and single floats.

MicroPython for WebAssembly has the ints and no sockets; single_floats.py has the floats.
"""

import builtins
import functools
import struct
import subprocess
import sys
from pathlib import Path

import npm
import pytest
import single_floats
from test_on_micropython import check, device_tests, names_in

from tools import ROOT

WASM = Path(__file__).resolve().parent / "wasm"
FOLDERS = ("device", ".micropython", "tools/board/lib", "tests/device", "tests/interpreters/wasm")
PACKAGE, VERSION = "@micropython/micropython-webassembly-pyscript", "1.27.0"

# What talks over sockets, or to a file system or pins that only the unix port has.
ELSEWHERE = {
    *("test_dashboard_connections", "test_dashboard_http", "test_dashboard_layout", "test_dashboard_pages"),
    *("test_dashboard_text", "test_login", "test_origins", "test_log_ring"),
    *("test_files", "test_files_access", "test_files_restart", "test_setup", "test_setup_secrets"),
    *("test_mqtt", "test_mqtt_lost", "test_net_clock", "test_net_names", "test_net_update_systime"),
    *("test_store_on_flash", "test_history_on_flash", "test_settings_tls", "test_tls", "test_tls_params"),
    *("test_wifi", "test_boards"),
}
TESTS = device_tests(but=ELSEWHERE)

# Floats of all kinds for what is about numbers; for the rest those that differ most.
ABOUT_NUMBERS = "test_numbers", "test_senml", "test_color", "test_types"
WITH_FLOATS = [
    pytest.param(kind, *test.values, id=f"{test.id}-{kind}")
    for kind in single_floats.KINDS
    for test in TESTS
    if kind in ("single", "short-1.25") or test.values[0] in ABOUT_NUMBERS
]


def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return done.stdout.decode(errors="replace")


@pytest.fixture(scope="module")
def in_wasm():
    """A function that returns what the tests of a module print in MicroPython for WebAssembly, run once."""
    installed = npm.installed(PACKAGE, VERSION)
    folders = [ROOT / folder for folder in FOLDERS]
    return functools.cache(lambda module: output("node", WASM / "run.mjs", installed, module, *folders))


@pytest.fixture(scope="module")
def with_floats():
    """The same on CPython with floats of a kind."""
    program = Path(single_floats.__file__)
    return functools.cache(lambda kind, module: output(sys.executable, program, kind, module))


@pytest.mark.parametrize("test", list(names_in(WASM / "word_size.py")))
def test_machine_is_one_of_32_bits(test, in_wasm):
    check(test, in_wasm("word_size"))


@pytest.mark.parametrize(("module", "test"), TESTS)
def test_with_ints_of_31_bits(module, test, in_wasm):
    check(test, in_wasm(module))


@pytest.mark.parametrize(("kind", "module", "test"), WITH_FLOATS)
def test_with_single_floats(kind, module, test, with_floats):
    check(test, with_floats(kind, module))


# As MicroPython 1.22 and 1.29 answered, built with such floats: 0.1 and 8.589973e9 in struct and in JSON.
@pytest.mark.parametrize(
    ("kind", "tenth", "large", "text"),
    [
        ("single", "3fb99999a0000000", "42000004c0000000", "8.589974e+09"),
        ("single-1.25", "3fb99999a0000000", "42000004c0000000", "8.589974e+09"),
        ("short", "3fb99999e0000000", "42000004a0000000", "8.589972e+09"),
        ("short-1.25", "3fb9999980000000", "4200000480000000", "8.58997e+09"),
    ],
)
def test_floats_are_those_of_a_board(kind, tenth, large, text):
    arithmetic = single_floats.Arithmetic(kind)
    number = arithmetic.json().loads("8.589973e9")
    assert struct.pack(">d", arithmetic.float("0.1")).hex() == tenth
    assert struct.pack(">d", number).hex() == large
    assert arithmetic.json().dumps([number, "1.25", 0.5, 7]) == f'[{text}, "1.25", 0.5, 7]'


def test_compiled_code_rounds_all_that_it_computes(monkeypatch):
    monkeypatch.setattr(builtins, "__arithmetic__", single_floats.Arithmetic("single"), raising=False)
    code = """
third = 1 / 3
more = 0.1
more += 0.2
sums = [0.1 + 0.2, 16777216 + 1.0, more]
same = 16777217 == 16777216.0, 0 < 16777217 <= 16777216.0 < 2**25, 16777217 == 16777216
"""
    names = {}
    exec(single_floats.Loader("code", "code.py").source_to_code(code, "code.py"), names)
    assert names["third"] == 0.3333333432674408
    assert names["sums"] == [0.30000001192092896, 16777216.0, 0.30000001192092896]
    assert names["same"] == (True, True, False)
