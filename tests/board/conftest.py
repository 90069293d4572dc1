"""What tests of the simulated board share: one with the network of a microcontroller, and its visitors."""

import contextlib

import pytest
from limits import Running
from starting import Boards
from vanishing import Visitor


@pytest.fixture
def boards(tmp_path):
    boards = Boards(tmp_path)
    yield boards
    boards.end()


@pytest.fixture
def run(boards):
    """A function that runs a script with options of tools.board and an environment."""
    return lambda script, *options, **environment: Running(boards, script, options, **environment)


@pytest.fixture
def visit():
    """A function that makes a visitor of a port, who leaves at the end."""
    with contextlib.ExitStack() as stack:
        yield lambda port, **more: stack.enter_context(Visitor(port, **more))
