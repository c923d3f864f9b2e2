from __future__ import annotations

import json
from datetime import UTC, datetime

import pyarrow as pa

from stillwatch.ranges.jsonl import write_jsonl


def test_null_is_absent_and_times_are_rfc_3339(tmp_path) -> None:
    at = datetime(2026, 6, 1, 12, 0, 0, 5, tzinfo=UTC)
    table = pa.table({"time": pa.array([at, None], pa.timestamp("us", tz="UTC")), "text": ["é\u2028", None]})
    write_jsonl(table, tmp_path / "t.jsonl")
    first, second = (tmp_path / "t.jsonl").read_bytes().split(b"\n")[:2]
    assert json.loads(first) == {"time": "2026-06-01T12:00:00.000005Z", "text": "é\u2028"}
    assert json.loads(second) == {}
