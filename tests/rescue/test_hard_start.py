"""Which starts are hard ones: on ports that tell, and on an RP2, which does not."""

import pytest

from tools import ROOT

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


SLEEPS = """
import os, sys

class machine:
    DEEPSLEEP_RESET, SOFT_RESET = 4, 5
    reset_cause = staticmethod(lambda: {cause})

sys.modules["machine"] = machine
os.chdir({folder!r})
import safestart
safestart._rescue = lambda text: print("rescue")
safestart.run(globals())
"""


@pytest.mark.parametrize("cause, runs", [(4, "script ['main.py']"), (1, "rescue")])
def test_sleep_is_no_failure_and_wears_out_no_flash(micropython, tmp_path, cause, runs):
    (tmp_path / "main.py").write_text("# sideboard\nprint('script', os.listdir())\n")
    (tmp_path / "start.note").write_text("3")
    place = f"import sys; sys.path[2:2] = [{str(ROOT / 'device')!r}]\n"
    assert micropython("-c", place + SLEEPS.format(cause=cause, folder=str(tmp_path))) == f"{runs}\n"


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
