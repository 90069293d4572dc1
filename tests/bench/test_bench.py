"""The design's limits that are the same in every run: the bench measures, these tests hold them."""

import pytest

from tools.bench import sizes, wire
from tools.bench.report import Row, table


def test_wire_limits_are_kept(tmp_path):
    rows = wire.measure(tmp_path, None)
    assert any(row.limit for row in rows)
    assert not any(row.over for row in rows), table(rows)


@pytest.mark.parametrize("measure", [sizes.measure_heap, sizes.measure_flash])
def test_heap_and_flash_limits_are_kept(measure, tmp_path):
    rows = measure(tmp_path, None)
    print(table(rows))
    assert any(row.limit for row in rows)
    assert not any(row.over for row in rows), table(rows)


def test_table_says_what_is_over_its_limit():
    kept, over = Row("kept", 10, "ms", limit=10, best=40), Row("over", 10.5, "ms", limit=10)
    lines = table([kept, over]).splitlines()
    assert lines[2].split() == "kept 40 ms 10 ms 0.25 10 ms ok".split()
    assert lines[3].split() == "over 10.5 ms 10 ms OVER".split()
