"""Rows into batches: nothing lost, nothing reordered, bounded."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges import columns
from stillwatch.exchanges.columns import RowGatherer, batch_of, rebatched
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.exchanges.validate import validate
from tests.exchanges.makers import exchange


def batch(count: int, start: int = 0) -> pa.RecordBatch:
    return batch_of([validate(exchange(exchange_id=f"x{start + i}")) for i in range(count)])


def test_a_batch_has_every_column_of_the_schema():
    assert batch(3).schema == EXCHANGE_SCHEMA
    assert batch(3)["exchange_id"].to_pylist() == ["x0", "x1", "x2"]


@given(st.lists(st.integers(1, 9), max_size=6), st.integers(1, 12))
def test_rebatching_keeps_rows_and_order(sizes, rows):
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    out = list(rebatched([batch(n, s) for n, s in zip(sizes, starts, strict=True)], rows))
    assert [i for b in out for i in b["exchange_id"].to_pylist()] == [f"x{i}" for i in range(sum(sizes))]
    assert all(len(b) == rows for b in out[:-1])


def test_a_batch_of_large_rows_ends_early(monkeypatch):
    monkeypatch.setattr(columns, "BATCH_BYTES", 1000)
    gatherer = RowGatherer(100)
    batches = [gatherer.add({"exchange_id": "x"}, "f", i, 400) for i in range(6)]
    assert [b is not None for b in batches] == [False, False, True, False, False, True]
    assert gatherer.flush() is None
    assert len(list(rebatched([batch(1), batch(1)], 100))) >= 1
