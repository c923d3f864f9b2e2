"""Columns are given their types; lengths and kinds that cannot be are told by name."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.text import Refs
from tests.ranges.text.makers import refs, talk


def test_columns_are_cast_and_writable() -> None:
    read_only = np.broadcast_to(np.int64(3), 4)
    made = Refs(read_only, read_only, read_only, read_only)
    assert [c.dtype for c in (made.symbol, made.topic, made.sample)] == [np.int32, np.uint64, np.uint16]
    assert made.symbol.flags.writeable and made.symbol.flags.c_contiguous


def test_lengths_that_differ_are_told() -> None:
    one, two = np.zeros(1, int), np.zeros(2, int)
    with pytest.raises(ValueError, match=r"Refs\.seed: 2 rows"):
        Refs(one, one, two, one)
    with pytest.raises(ValueError, match=r"Talk\.arg1: 2 rows"):
        talk(3, 0, arg1=refs(0, 2))


def test_kinds_that_are_no_whole_numbers_are_told() -> None:
    one = np.zeros(1, int)
    with pytest.raises(ValueError, match=r"Refs\.sample.*float64"):
        Refs(one, one, one, np.zeros(1))


def test_a_history_cannot_begin_after_its_end() -> None:
    with pytest.raises(ValueError, match="later than"):
        talk(2, 0, first=3, turn=2)
