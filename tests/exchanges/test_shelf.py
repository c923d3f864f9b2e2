"""What is laid by comes back by key, in the order laid by, and leaves nothing behind."""

from __future__ import annotations

import tracemalloc
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.shelf import Shelf

ROWS = st.lists(st.tuples(st.text(max_size=3), st.binary(max_size=5)), max_size=60)


@given(ROWS)
def test_groups_hold_every_value_in_the_order_laid_by(rows):
    expected = defaultdict(list)
    for key, value in rows:
        expected[key].append(value)
    with Shelf() as shelf:
        for key, value in rows:
            shelf.put(key, value)
        found = list(shelf.groups())
        assert list(shelf.groups()) == found
    assert dict(found) == expected
    assert len(found) == len(expected)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_depend_on_the_order_of_rows(rows, random):
    shuffled = random.sample(rows, len(rows))
    with Shelf() as one, Shelf() as other:
        for (key, value), (key2, value2) in zip(rows, shuffled, strict=True):
            one.put(key, value)
            other.put(key2, value2)
        assert [key for key, _ in one.groups()] == [key for key, _ in other.groups()]


def test_lone_surrogates_are_keys_like_any_other():
    with Shelf() as shelf:
        shelf.put("\ud800", b"1")
        assert list(shelf.groups()) == [("\ud800", [b"1"])]


def test_a_disk_without_room_is_told():
    with Shelf() as shelf:
        shelf._database.execute("PRAGMA max_page_count = 10")
        with pytest.raises(OSError, match="make room"):
            for _ in range(20):
                shelf.put("k", bytes(1 << 20))


def test_many_rows_take_little_memory():
    value = bytes(2000)
    tracemalloc.start()
    with Shelf() as shelf:
        for number in range(30_000):  # 60 MB of values
            shelf.put(str(number % 15_000), value)
        assert sum(len(values) for _, values in shelf.groups()) == 30_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
