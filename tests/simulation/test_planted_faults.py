"""The histories find what is wrong: faults planted in the board's code, one after the other."""

import pytest

from tests.simulation.faults import FAULTS, planted
from tests.simulation.history import draw, run

WITHIN = 150  # histories
FIRST = {  # what needs more than these, from history 0 on, begins at another
    "an acknowledgement unmarks whatever stands by then": 500,
    "a variable that found no room in a message counts as changed by the board": 2500,
    "nobody asks again once the Thing must have taken everything": 50,
    "what was pushed before a power cut is forgotten at the next write": 700,
    "a change of the cloud makes the board forget what it pushed before": 1100,
    "a change of the cloud wins over a newer one of the board": 1800,
    "a clock that is not set is believed": 1500,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_histories_find_that(fault):
    with planted(fault):
        first = FIRST.get(fault, 0)
        for seed in range(first, first + WITHIN):
            failure = run(*draw(seed))
            if failure:
                print(f"{fault}: {failure.kind} in history {seed}")
                break
        else:
            pytest.fail(f"{WITHIN} histories from {first} on do not find that {fault}", pytrace=False)
    assert run(*draw(seed)) is None, "it is the fault that is found"
