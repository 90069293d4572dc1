"""What kind of machine the tests run on."""

import sys
import time


def test_ints_have_31_bits():
    assert sys.maxsize == 2**31 - 1
    assert time.ticks_add(0, -1) == 2**30 - 1


def test_floats_are_doubles():
    assert float("16777217") == 16777217
