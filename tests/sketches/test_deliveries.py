"""Repeated deliveries: dropped and counted; conflicting ones refused; however the stream is cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.sketches import deliveries as module
from stillwatch.sketches.deliveries import Deliveries

from .makers import batch, exchange, turn

ROWS = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["", "x", "y"])), max_size=40)


def rows_of(pairs: list[tuple[int, str]]) -> list[dict[str, Any]]:
    return [exchange(exchange_id=f"e{i}", output=text, source_line=n) for n, (i, text) in enumerate(pairs)]


def naive(rows: list[dict[str, Any]]) -> tuple[list[int], int, list[int]]:
    """The definition: lines admitted, repeats, lines refused."""
    seen: dict[str, str] = {}
    admitted, refused, repeats = [], [], 0
    for row in rows:
        standing = seen.setdefault(row["exchange_id"], row["output"])
        if row["exchange_id"] not in {rows[n]["exchange_id"] for n in admitted}:
            admitted.append(row["source_line"])
        elif standing == row["output"]:
            repeats += 1
        else:
            refused.append(row["source_line"])
    return admitted, repeats, refused


@given(ROWS, st.integers(1, 7), st.sampled_from([0, 64, 1 << 20]))
def test_a_stream_is_divided_as_the_definition_says(
    pairs: list[tuple[int, str]], size: int, memory: int
) -> None:
    rows = rows_of(pairs)
    admitted: list[int] = []
    refused: list[int] = []
    repeats = 0
    with Deliveries(memory=memory) as deliveries:
        for at in range(0, len(rows), size):
            found = deliveries.admit(batch(*rows[at : at + size]))
            admitted += found.batch["source_line"].to_pylist()
            refused += found.conflicts["source_line"].to_pylist()
            repeats += found.repeats
        assert len(deliveries) == len(admitted)
    assert (admitted, repeats, refused) == naive(rows)


@pytest.mark.parametrize(
    "change",
    [
        {"output": ""},
        {"status": 200},
        {"temperature": 0.0},
        {"messages": [turn("user", "hi")]},
        {"messages": [turn("user", None)]},
        {"messages": []},
        {"tools": ["a", "b"]},
        {"tools": ["ab"]},
        {"logprobs": False},
        {"tool_calls": [{"name": "a", "arguments": None}]},
    ],
)
def test_a_difference_in_any_column_is_a_conflict(change: dict[str, Any]) -> None:
    found = Deliveries().admit(batch(exchange(), exchange(**change)))
    assert (found.batch.num_rows, found.repeats, found.conflicts.num_rows) == (1, 0, 1)


def test_where_a_row_was_read_is_no_difference() -> None:
    found = Deliveries().admit(batch(exchange(source_line=1), exchange(source_file="b", source_line=2)))
    assert (found.batch.num_rows, found.repeats) == (1, 1)


def test_a_slice_counts_like_its_copy() -> None:
    rows = batch(*(exchange(exchange_id=f"e{i}", messages=[turn("user", str(i))]) for i in range(9)))
    with Deliveries() as deliveries:
        assert deliveries.admit(rows).batch.num_rows == 9
        assert deliveries.admit(rows.slice(3, 4)).repeats == 4
        copied = pa.RecordBatch.from_pylist(rows.slice(5).to_pylist(), schema=rows.schema)
        assert deliveries.admit(copied).repeats == 4
        assert deliveries.admit(rows.slice(9)).batch.num_rows == 0


def test_beyond_the_budget_state_goes_to_files_which_closing_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MERGE_CHUNK", 8)
    rows = [exchange(exchange_id=f"e{i}") for i in range(200)]
    deliveries = Deliveries(memory=16 * 16, directory=tmp_path)
    for at in range(0, 200, 10):
        assert deliveries.admit(batch(*rows[at : at + 10])).repeats == 0
    files = list(tmp_path.rglob("*.run"))
    assert 0 < len(files) < 8
    assert sum(f.stat().st_size for f in files) >= (200 - 16) * 16
    assert deliveries.admit(batch(*rows)).repeats == 200
    deliveries.close()
    assert not list(tmp_path.iterdir())
