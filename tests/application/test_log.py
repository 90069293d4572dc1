"""What the output of a script tells, whatever it does about logging: where the page is, and of the cloud."""

import itertools
import sys

import pytest

from tools import ROOT
from tools.local import Board, Cloud
from tools.processes import Process, free_port

CLIENT = """
from sideboard import ArduinoCloudClient

client = ArduinoCloudClient()
"""
RUNS = itertools.count(1)
START = """
client.register("run", value=%d)
client.start()
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(tmp_path_factory.mktemp("cloud"), []) as cloud:
        yield cloud


@pytest.fixture
def output_of(cloud, tmp_path):
    """What a board with a script prints until it is connected with the cloud; `told`: a text to wait for."""

    def output(script, told=None):
        run = next(RUNS)
        (tmp_path / "main.py").write_text(script % run)
        with Board(tmp_path / "main.py", cloud.folder / "secrets.py") as board:
            if told:
                board.wait_for(told)
            cloud.page.wait_for("run", run)
        return board.output

    return output


def lines_with(text, output):
    return [line for line in output.splitlines() if text in line]


def test_address_and_cloud_are_told_by_a_script_that_does_not_log(output_of):
    output = output_of(CLIENT + START, "Cloud: connected")
    assert len(lines_with("Dashboard: http://", output)) == len(lines_with("Cloud: connected", output)) == 1


def test_address_is_told_where_something_was_logged_before(output_of):
    early = "import logging\nlogging.warning('dry')\n"
    output = output_of(early + CLIENT + "logging.info('quiet')\n" + START, "Cloud: connected")
    assert len(lines_with("Dashboard: http://", output)) == len(lines_with("dry", output)) == 1
    assert "quiet" not in output  # its own level is its own


def test_script_that_sets_logging_up_has_its_way_and_nothing_twice(output_of):
    setup = "import logging\nlogging.basicConfig(level=logging.INFO, format='own %%(message)s')\n"
    for script in (setup + CLIENT + START, CLIENT + setup + START):
        output = output_of(script, "own Cloud: connected")
        assert len(lines_with("Dashboard: http://", output)) == len(lines_with("own Dashboard:", output)) == 1


@pytest.mark.parametrize(
    "setup", ["basicConfig(level=logging.ERROR)", "getLogger('sideboard').setLevel(logging.WARNING)"]
)
def test_script_that_wants_no_news_gets_none(setup, output_of):
    output = output_of(f"import logging\nlogging.{setup}\n" + CLIENT + START)
    assert "Dashboard:" not in output and "Cloud:" not in output


def test_address_is_told_on_cpython_too(cloud, tmp_path):
    (tmp_path / "main.py").write_text((CLIENT + START) % next(RUNS))
    (tmp_path / "secrets.py").write_text(
        (cloud.folder / "secrets.py").read_text() + f"\nDASHBOARD_PORT = {free_port()}\n"
    )
    for file in cloud.folder.glob("*.der"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = {"PYTHONPATH": f"{tmp_path}:{ROOT / 'device'}:{ROOT / '.micropython'}"}
    with Process(sys.executable, "main.py", cwd=tmp_path, env=path) as process:
        process.wait_for("Cloud: connected")
        assert len(lines_with("Dashboard: http://", process.output)) == 1
        process.kill()
