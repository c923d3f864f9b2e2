from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from stillwatch.exchanges import DeadLetters, read_exchanges
from stillwatch.ranges import Range, write
from stillwatch.ranges.build import LOG_SCHEMA
from stillwatch.ranges.jsonl import lines, write_jsonl

ORDER = [("time", "ascending"), ("exchange_id", "ascending")]


def test_null_is_absent_and_times_are_rfc_3339(tmp_path: Path) -> None:
    at = datetime(2026, 6, 1, 12, 0, 0, 5, tzinfo=UTC)
    table = pa.table({"time": pa.array([at, None], pa.timestamp("us", tz="UTC")), "text": ["é\u2028", None]})
    write_jsonl(table, tmp_path / "t.jsonl")
    first, second = (tmp_path / "t.jsonl").read_bytes().split(b"\n")[:2]
    assert json.loads(first) == {"time": "2026-06-01T12:00:00.000005Z", "text": "é\u2028"}
    assert json.loads(second) == {}


def test_an_empty_batch_is_no_line() -> None:
    assert lines(pa.record_batch({"a": pa.array([], pa.string())})) == b""


def test_what_is_written_reads_back_through_the_readers(demo_range: Range, tmp_path: Path) -> None:
    for form in ("parquet", "jsonl"):
        paths = write(demo_range, tmp_path / form, form)
        assert set(paths) == {"exchanges", "accounts", "truth", "truth_accounts"}
        with DeadLetters(tmp_path / f"{form}.rejected") as dead_letters:
            batches = list(read_exchanges([str(paths["exchanges"])], dead_letters=dead_letters))
        back = pa.Table.from_batches(batches).select(LOG_SCHEMA.names).sort_by(ORDER)
        assert back.equals(demo_range.exchanges.sort_by(ORDER))
