"""Runs the tests of tests/device a second time, in the real MicroPython."""

import ast
import functools
import re
from pathlib import Path

import pytest

DEVICE_TESTS = Path(__file__).resolve().parent.parent / "device"
ON_CPYTHON_ONLY = {"test_senml_cbor2"}  # its oracle is CPython's


def names_in(file):
    """Names of the test functions in a file, which is parsed and not imported."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
            yield node.name


def device_tests(but=()):
    """A parameter (module, test) for each test of tests/device, except for some modules."""
    return [
        pytest.param(file.stem, test, id=f"{file.stem}.{test}")
        for file in sorted(DEVICE_TESTS.glob("test_*.py"))
        if file.stem not in ON_CPYTHON_ONLY.union(but)
        for test in names_in(file)
    ]


def check(test, output):
    """Fails with what run.py printed of a test, unless that it passed."""
    if re.search(rf"^PASS {test}$", output, re.M):
        return
    failure = re.search(rf"^FAIL {test}$(.*?)(?=^PASS |^FAIL |\Z)", output, re.M | re.S)
    pytest.fail(failure[1].strip() if failure else f"{test} did not finish:\n{output}", pytrace=False)


@pytest.fixture(scope="module")
def output_of(micropython):
    """All that MicroPython prints when it runs the tests of a module, which it does once."""
    return functools.cache(lambda module: micropython(DEVICE_TESTS / "run.py", module))


@pytest.mark.parametrize(("module", "test"), device_tests())
def test_in_micropython(module, test, output_of):
    check(test, output_of(module))
