"""Arrow arrays as plain views: slices, widths, nulls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.sketches.buffers import column, key_lists, keys, lists, texts

VALUES = st.lists(st.none() | st.text(max_size=5), max_size=12)


def read_back(view: Any) -> list[str | None]:
    raw = bytes(view.data)
    pairs = zip(view.offsets[:-1], view.offsets[1:], view.there, strict=True)
    return [raw[a:b].decode() if ok else None for a, b, ok in pairs]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
@given(values=VALUES, data=st.data())
def test_any_slice_of_any_string_array_reads_the_same(
    kind: pa.DataType, values: list[str | None], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(values)))
    last = data.draw(st.integers(first, len(values)))
    array = pa.array(values, kind).slice(first, last - first)
    assert read_back(texts(array)) == values[first:last]


def test_an_array_of_nulls_and_a_dictionary_are_strings_too() -> None:
    assert read_back(texts(pa.nulls(2))) == [None, None]
    assert read_back(texts(pa.array(["a", "b", "a"]).dictionary_encode())) == ["a", "b", "a"]


@given(st.lists(st.none() | st.lists(st.text(max_size=3), max_size=4), max_size=8), st.data())
def test_a_slice_of_lists_sees_only_its_own_elements(
    values: list[list[str] | None], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(values)))
    layout, items = lists(pa.array(values, pa.list_(pa.string())).slice(first))
    found = items.to_pylist()
    pairs = zip(layout.offsets[:-1], layout.offsets[1:], layout.there, strict=True)
    assert [found[a:b] if ok else None for a, b, ok in pairs] == values[first:]
    assert len(found) == sum(len(v or []) for v in values[first:])


def test_keys_are_signed_and_null_where_not_present() -> None:
    values = np.array([2**64 - 1, 5], dtype=np.uint64)
    assert keys(values, np.array([True, False])).to_pylist() == [-1, None]
    assert key_lists(values, np.array([0, 0, 2])).to_pylist() == [[], [-1, 5]]


def test_a_column_that_is_not_there_is_null() -> None:
    batch = pa.RecordBatch.from_pydict({"a": [1, 2]})
    assert column(batch, "b", pa.string()).to_pylist() == [None, None]
