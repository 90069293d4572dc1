"""What all tests share: the board's code on the path, `async def` tests, and the real MicroPython."""

import asyncio
import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
import trustme
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# The host's own packages come before MicroPython's libraries of the same names.
sys.path[:0] = [str(ROOT), str(ROOT / "device"), str(ROOT / "tests" / "shared")]
sys.path.append(str(ROOT / ".micropython"))

import engines  # noqa: E402

MICROPYTHON = Path(sys.executable).with_name("micropython")
# tools/board/lib: the modules that boards have and MicroPython's unix port lacks.
FOLDERS = ("device", ".micropython", "tools/board/lib", "tests/device", "tests/fuzz/targets")

IN_EACH_ENGINE = "test_widgets", "test_widgets_shown", "test_more_widgets", "test_charts", "test_page_quality"

# The first draw builds Unicode tables, and a busy machine is slow: neither is a failure.
settings.register_profile("sideboard", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sideboard")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Runs an `async def` test in a loop of its own."""
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    arguments = inspect.signature(test).parameters
    asyncio.run(test(**{name: pyfuncitem.funcargs[name] for name in arguments}))
    return True


@pytest.fixture(scope="session")
def micropython():
    """A function that runs MicroPython with these arguments and returns all that it prints."""
    path = ":".join([".frozen", *(str(ROOT / folder) for folder in FOLDERS)])

    def run(*arguments, stdin="", timeout=60):
        try:
            return subprocess.run(
                [MICROPYTHON, "-X", "heapsize=1M", *arguments],
                input=stdin.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, "MICROPYPATH": path},
                timeout=timeout,
            ).stdout.decode(errors="replace")
        except subprocess.TimeoutExpired as stopped:
            return (stopped.stdout or b"").decode(errors="replace") + f"\nstopped after {timeout} s"

    return run


@pytest.fixture(scope="session")
def authority():
    """A certificate authority for servers on this computer."""
    return trustme.CA()


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium. Of a module: while Playwright runs, no other loop can."""
    with engines.started("chromium") as browser:
        yield browser


@pytest.fixture(scope="module")
def browser(request):
    """Each engine's browser in turn."""
    if request.param == "chromium":
        yield request.getfixturevalue("chromium")
    else:
        with engines.started(request.param) as browser:
            yield browser


def pytest_generate_tests(metafunc):
    """A test of behaviour runs in each engine, unless it is marked with those that can do what it needs.

    That takes its time, so in `make test` only widgets and the page's quality do; `make engines` has all.
    """
    if "browser" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("engines")
        all_of_them = "ENGINES" in os.environ or metafunc.module.__name__ in IN_EACH_ENGINE
        names = only.args if only else engines.ENGINES if all_of_them else ("chromium",)
        metafunc.parametrize("browser", names, indirect=True, scope="module")
