"""Inputs that were found, and some thousands of others, on CPython and in the real MicroPython.

`make fuzz` looks for more: what it finds is saved in corpus/TARGET, and is tried here from then on.
"""

import subprocess
import sys

import pytest
from exploring import HERE, TARGETS

INPUTS = 1000
MOST_KEPT = 4096  # bytes of MicroPython's heap: a character that it keeps takes 25


@pytest.fixture(scope="module", params=TARGETS)
def recorded(request, tmp_path_factory):
    """(target, file of inputs, what CPython made of them): the same inputs every time."""
    file = tmp_path_factory.mktemp("inputs") / request.param
    command = [sys.executable, HERE, "--record", file, "--inputs", str(INPUTS), "--seed", "1", request.param]
    return request.param, file, subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_inputs_are_stood_on_cpython(recorded):
    _, _, done = recorded
    assert done.returncode == 0 and f"{INPUTS:,} inputs" in done.stdout, done.stdout + done.stderr


def test_inputs_are_stood_in_micropython(recorded, micropython, tmp_path):
    target, file, _ = recorded
    output = micropython(HERE / "replay.py", target, file, tmp_path, timeout=300)
    end = output.splitlines()[-1].split()
    assert end[:2] == ["held", str(INPUTS)], output
    assert int(end[2]) < MOST_KEPT, f"the heap grew by {end[2]} bytes"
