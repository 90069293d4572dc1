"""The histories find what is wrong: faults planted in the board's code, one after the other."""

import pytest

from tests.simulation.faults import FAULTS, planted
from tests.simulation.history import draw, run

WITHIN = 200  # histories


@pytest.mark.parametrize("fault", FAULTS)
def test_histories_find_that(fault):
    with planted(fault):
        for seed in range(WITHIN):
            failure = run(*draw(seed))
            if failure:
                print(f"{fault}: {failure.kind} in history {seed}")
                break
        else:
            pytest.fail(f"{WITHIN} histories do not find that {fault}", pytrace=False)
    assert run(*draw(seed)) is None, "it is the fault that is found"
