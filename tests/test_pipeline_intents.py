"""A scan asks what requests are after while there is text, names workloads by it, and does not where told not to."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch import pipeline
from stillwatch.intents import Label
from stillwatch.pipeline import scan
from stillwatch.settings import Settings
from tests.exchanges.makers import exchange, jsonl, write

ROWS = 40


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Take every request to be after a picture; how many were looked at, batch by batch."""
    counted: list[int] = []

    def label(batch: pa.RecordBatch) -> pa.Array:
        counted.append(batch.num_rows)
        return pa.array([1 << Label.VISION] * batch.num_rows, pa.int64())

    monkeypatch.setattr(pipeline, "intents", label)
    return counted


def capabilities(folder: Path, *, looked: bool) -> set[str]:
    """Scan a small log; return what its workloads are said to be after."""
    log = write(folder / "log.jsonl", jsonl([exchange(exchange_id=f"e{i}") for i in range(ROWS)]))
    settings = Settings.model_validate({"detection": {"intents": looked}, "run": {"threads": 1}})
    scan(log, out=folder / "out", settings=settings)
    return set(pq.read_table(folder / "out" / "workloads.parquet")["capability"].to_pylist())


def test_every_request_is_looked_at_once_and_its_workload_named_by_it(
    tmp_path: Path, seen: list[int]
) -> None:
    assert capabilities(tmp_path, looked=True) == {"vision"}
    assert sum(seen) == ROWS


def test_where_it_is_switched_off_nobody_looks_and_shape_alone_names_it(
    tmp_path: Path, seen: list[int]
) -> None:
    assert capabilities(tmp_path, looked=False) == {"general"}
    assert seen == []
