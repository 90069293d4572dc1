"""The design's limits that are the same in every run: the bench measures, these tests hold them."""

import pytest

from tools.bench import sizes, wire
from tools.bench.report import Row, table

# Heap and flash are still over the design's limits, as `make bench` says; these hold what is reached.
HEAP = 112_000
FLASH = 63_000


def test_wire_limits_are_kept(tmp_path):
    rows = wire.measure(tmp_path, None)
    assert any(row.limit for row in rows)
    assert not any(row.over for row in rows), table(rows)


@pytest.mark.parametrize("measure, most", [(sizes.measure_heap, HEAP), (sizes.measure_flash, FLASH)])
def test_heap_and_flash_do_not_grow(measure, most, tmp_path):
    rows = [row for row in measure(tmp_path, None) if row.limit]
    assert rows and all(row.ours <= most for row in rows), table(rows)


def test_table_says_what_is_over_its_limit():
    kept, over = Row("kept", 10, "ms", limit=10, best=40), Row("over", 10.5, "ms", limit=10)
    lines = table([kept, over]).splitlines()
    assert lines[2].split() == "kept 40 ms 10 ms 0.25 10 ms ok".split()
    assert lines[3].split() == "over 10.5 ms 10 ms OVER".split()
