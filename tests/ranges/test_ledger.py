from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from stillwatch.ranges import ledger
from stillwatch.ranges.ledger import LOG_SCHEMA, TRUTH_SCHEMA, Label, Ledger

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def row(number: int, **said: object) -> dict[str, object]:
    at = NOON - timedelta(seconds=number)
    return {"exchange_id": f"x{number}", "account_id": "a", "time": at} | said


def test_rows_come_back_in_order_of_time() -> None:
    book = Ledger()
    for number in range(5):
        book.add(row(number), Label("chat"))
    assert book.exchanges()["exchange_id"].to_pylist() == ["x4", "x3", "x2", "x1", "x0"]
    assert book.truth().schema.equals(TRUTH_SCHEMA)
    assert book.rows == 5


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="'sytem'"):
        Ledger().add(row(1, sytem="?"), Label("chat"))


def test_a_sink_gets_every_row_once_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "FLUSH", 2)
    seen: list[tuple[pa.RecordBatch, pa.RecordBatch]] = []
    book = Ledger(lambda log, truth: seen.append((log, truth)))
    for number in range(5):
        book.add(row(number), Label("chat", "c", "general"))
    book.close()
    assert [log.num_rows for log, _ in seen] == [2, 2, 1]
    assert all(log.schema.equals(LOG_SCHEMA) for log, _ in seen)
    assert [t for _, truth in seen for t in truth["campaign"].to_pylist()] == ["c"] * 5
    assert book.exchanges().num_rows == 0
