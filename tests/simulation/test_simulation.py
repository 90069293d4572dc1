"""Whatever happens, board, cloud and pages agree in the end, on what the model names: 5,000 histories."""

import pytest

from tests.simulation.history import draw, explain, run

SHARE = 500


@pytest.mark.parametrize("first", range(0, 5000, SHARE))
def test_promise_holds_in_histories_from(first):
    for seed in range(first, first + SHARE):
        if run(*draw(seed)):
            pytest.fail(f"{explain(seed)}\nagain: python -m tests.simulation --seed {seed}", pytrace=False)
