"""Which starts are hard ones: on ports that tell, and on an RP2, which does not."""

import pytest

SCRIPT = """
import os, sys

class time:
    ticks_ms = staticmethod(lambda: {ticks})
    ticks_diff = sleep = None

class machine:
    reset_cause = staticmethod(lambda: {cause})
    {constant} = 5

sys.modules["time"], sys.modules["machine"] = time, machine
before = os.getcwd()
import safestart
print("main.py" in os.listdir() and before != os.getcwd())
"""


@pytest.mark.parametrize(
    "constant, ticks, cause, hard",
    [
        ("SOFT_RESET", 5000, 1, True),
        ("SOFT_RESET", 500, 5, False),
        ("WDT_RESET", 300, 1, True),
        ("WDT_RESET", 300, 5, True),  # machine.reset() and the watchdog
        ("WDT_RESET", 1500, 1, False),
    ],
)
def test_after_a_hard_start_main_is_that_of_the_package(micropython, constant, ticks, cause, hard):
    script = SCRIPT.format(constant=constant, ticks=ticks, cause=cause)
    assert micropython("-c", script) == f"{hard}\n"
