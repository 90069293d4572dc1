"""What may not grow with a board: the messages and bytes of a change. How long they take is not tested."""

import re

import pytest

from tools.bench import growing
from tools.pictures import growth

FEW, MANY = 2, 60


@pytest.fixture(scope="module")
def boards(tmp_path_factory):
    """What is measured of a board with a few variables, and of one with many."""
    return [growing.with_variables(tmp_path_factory.mktemp("variables"), count) for count in (FEW, MANY)]


def test_a_change_costs_the_same_bytes_whatever_else_there_is(boards):
    few, many = boards
    assert many["change_bytes"] <= few["change_bytes"] + 1


def test_the_first_message_grows_by_the_variables_alone(boards):
    few, many = boards
    grows = (many["first_message_bytes"] - few["first_message_bytes"]) / (MANY - FEW)
    assert 100 < grows < 160


def test_each_page_costs_the_messages_of_one(tmp_path):
    found = growing.with_pages(tmp_path, (1, 2, 4))
    assert set(found) >= {1, 2}
    one, two = found[1]["change_bytes"], found[2]["change_bytes"]
    for count, figures in found.items():
        assert figures["change_bytes"] == pytest.approx(one + (count - 1) * (two - one), abs=2)


def test_curves_are_drawn():
    curves = {
        "variables": {
            n: {"change_ms": 1, "opened_ms": n / 7, "heap_with_two_pages_bytes": 90000 - n} for n in (1, 200)
        },
        "pages": {1: {"change_ms": 0.004}, 8: {"change_ms": 12}},
        "charts": {1: {"opened_ms": 3, "heap_bytes": 1000}, 20: {"opened_ms": 990, "heap_bytes": 0}},
    }
    text = growth.drawn(curves)
    assert text.count("<polyline") == len(growth.PANELS) and "nan" not in text
    numbers = [float(it) for pair in re.findall(r'points="([^"]+)"', text) for it in re.split("[ ,]", pair)]
    assert all(0 <= it <= growth.WIDTH for it in numbers)


@pytest.mark.parametrize(
    ("most", "end"), [(0.9, 1), (1.1, 1.2), (7, 8), (12, 12), (99, 100), (101, 120), (0.02, 0.02)]
)
def test_axes_end_at_round_numbers(most, end):
    top, step = growth.scale(most)
    assert top == pytest.approx(end) and 3 <= round(top / step) <= 6
