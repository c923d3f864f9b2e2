"""Canonical JSON Lines: the fast path gives what the strict path gives."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.decompress import Limits
from stillwatch.exchanges.documents import Block, documents_of_lines
from stillwatch.exchanges.reader import Head, Rejection
from stillwatch.exchanges.readers import canonical_jsonl
from stillwatch.exchanges.readers.canonical_jsonl import READER, strict_batches
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.exchanges.sources import FileSource
from tests.exchanges import strange
from tests.exchanges.makers import Reading, exchange, jsonl, some_exchanges, write

LIMITS = Limits()


def sorted_out(items):
    batches, rejections = [], []
    for item in items:
        (rejections if isinstance(item, Rejection) else batches).append(item)
    return pa.Table.from_batches(batches, schema=EXCHANGE_SCHEMA).combine_chunks(), rejections


def fast(data: bytes):
    return sorted_out(canonical_jsonl._read_block("f", Block(1, data), LIMITS))


def strict(data: bytes):
    return sorted_out(strict_batches("f", documents_of_lines("f", Block(1, data), LIMITS)))


@given(st.lists(strange.rows(), min_size=1, max_size=3))
def test_on_strange_rows_the_fast_path_agrees_with_the_strict_path(rows):
    data = jsonl(rows)
    assert fast(data) == strict(data)


@given(st.lists(strange.lines(), max_size=40), st.sampled_from([1, 300, 1 << 18]))
def test_on_mutated_lines_the_fast_path_agrees_with_the_strict_path(lines, piece):
    data = b"\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical_jsonl, "PIECE_BYTES", piece)
        assert fast(data) == strict(data)


@given(st.lists(strange.rows(), max_size=30))
def test_every_row_is_an_exchange_or_a_rejection(rows):
    table, rejections = fast(jsonl(rows))
    assert len(table) + len(rejections) == len(rows)
    assert sorted([*table["source_line"].to_pylist(), *(r.line for r in rejections)]) == [
        i + 1 for i in range(len(rows))
    ]


@given(st.lists(st.floats(0, 5e9) | st.integers(0, 5 * 10**9), min_size=1, max_size=5))
def test_epoch_seconds_are_read_alike_on_both_paths(seconds):
    data = jsonl(exchange(time=second) for second in seconds)
    assert fast(data) == strict(data)
    if max(seconds) < 4e9:
        assert canonical_jsonl._fast("f", Block(1, data)) is not None


def test_regular_rows_take_the_fast_path():
    rows = some_exchanges(50, time="2026-11-02T12:00:00.123456789+02:00", ip=None, extra={"deep": [1]})
    batch = canonical_jsonl._fast("f", Block(1, jsonl(rows)))
    assert batch is not None and len(batch) == 50
    assert canonical_jsonl._fast("f", Block(1, jsonl(rows).replace(b"\n", b"\r\n"))) is not None
    assert canonical_jsonl._fast("f", Block(1, jsonl(rows).rstrip())) is not None


def test_one_bad_row_leaves_its_neighbours_on_the_fast_path(monkeypatch):
    rows = some_exchanges(1000)
    rows[700]["time"] = "yesterday"
    strictly: list[object] = []
    monkeypatch.setattr(canonical_jsonl, "PIECE_BYTES", 4000)
    real = canonical_jsonl.validate
    monkeypatch.setattr(canonical_jsonl, "validate", lambda record: strictly.append(record) or real(record))
    table, rejections = fast(jsonl(rows))
    assert len(table) == 999 and [r.line for r in rejections] == [701]
    assert len(strictly) <= 40


def test_an_own_exchange_is_recognised_and_others_are_not():
    assert READER.recognises(Head(b"", (exchange(), exchange(account_id=None))))
    assert not READER.recognises(
        Head(b"", ({"account_id": "a", "request": {}, "time": 1, "exchange_id": "x"},))
    )
    assert not READER.recognises(Head(b"", ({"account_id": "a"},)))
    assert not READER.recognises(Head(b"", ()))


def test_arrays_and_pretty_printing_are_read_too(tmp_path):
    rows = some_exchanges(5)
    by_line = Reading(write(tmp_path / "a.jsonl", jsonl(rows)))
    array = Reading(write(tmp_path / "b.json", json.dumps(rows, indent=2).encode()))
    assert array.ids() == by_line.ids() == [row["exchange_id"] for row in rows]


def test_records_of_the_slow_interface_are_the_documents(tmp_path):
    rows = some_exchanges(3)
    source = FileSource(write(tmp_path / "a.jsonl", jsonl([*rows, 17])))
    *parsed, last = READER.read([source])
    assert [p.record for p in parsed] == rows
    assert isinstance(last, Rejection) and last.line == 4
