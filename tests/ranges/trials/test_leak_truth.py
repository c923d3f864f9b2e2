"""The truth of leaks, read from a range's folder in either form; and the accounts as they stood at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from stillwatch.ranges import Range, write
from stillwatch.ranges.jsonl import write_jsonl
from stillwatch.ranges.scoring import ScoreInputError
from stillwatch.ranges.trials.leak_truth import accounts_until, read_leak_truth

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOON_US = int(NOON.timestamp()) * 1_000_000


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_every_exchange_of_a_campaign_is_there_in_order_of_time(
    demo_range: Range, tmp_path: Path, form: str
) -> None:
    write(demo_range, tmp_path, form)
    found = read_leak_truth(tmp_path)
    truth = demo_range.truth.filter(pc.is_valid(demo_range.truth["campaign"]))
    assert found.campaigns == ("copper", "quarry", "willow")
    assert sorted(found.exchange_id.to_pylist()) == sorted(truth["exchange_id"].to_pylist())
    assert (np.diff(found.time) >= 0).all()
    assert sum(map(len, found.times.values())) == truth.num_rows
    named = dict(zip(truth["exchange_id"].to_pylist(), truth["account_id"].to_pylist(), strict=True))
    accounts = found.accounts.take(pa.array(found.account)).to_pylist()
    assert [named[x] for x in found.exchange_id.to_pylist()] == accounts


def test_refused_deliveries_leak_nothing(demo_range: Range, tmp_path: Path) -> None:
    write(demo_range, tmp_path)
    found = read_leak_truth(tmp_path)
    assert 0 < (~found.answered).sum() < len(found.time)
    assert (found.tokens[~found.answered] == 0).all() and (found.tokens[found.answered] > 0).all()


def test_a_log_without_a_campaign_is_told(demo_range: Range, tmp_path: Path) -> None:
    write(demo_range, tmp_path)
    none = pa.nulls(demo_range.truth.num_rows, pa.string())
    place = demo_range.truth.schema.get_field_index("campaign")
    pq.write_table(demo_range.truth.set_column(place, "campaign", none), tmp_path / "truth.parquet")
    with pytest.raises(ScoreInputError, match="names no campaign"):
        read_leak_truth(tmp_path)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_the_accounts_table_does_not_tell_the_future(tmp_path: Path, form: str) -> None:
    early, late = NOON.replace(hour=9), NOON.replace(hour=15)
    rows = [
        {"account_id": "a", "created_at": early, "status": "suspended", "status_at": early},
        {"account_id": "b", "created_at": early, "status": "suspended", "status_at": late, "plan": "payg"},
        {"account_id": "c", "created_at": late, "status": "active"},
        {"account_id": "d", "distillation_permitted": True},
    ]
    table = pa.Table.from_pylist(rows, schema=ACCOUNT_SCHEMA)
    path = tmp_path / f"accounts.{form}"
    pq.write_table(table, path) if form == "parquet" else write_jsonl(table, path)
    (tmp_path / "then").mkdir()
    then = accounts_until(tmp_path, NOON_US, tmp_path / "then")
    assert then is not None
    found = {r["account_id"]: r for r in pq.read_table(then).to_pylist()}
    assert set(found) == {"a", "b", "d"}
    assert (found["a"]["status"], found["a"]["status_at"]) == ("suspended", early)
    assert (found["b"]["status"], found["b"]["status_at"], found["b"]["plan"]) == ("active", None, "payg")
    assert found["d"]["distillation_permitted"] is True
    assert pq.read_schema(then).equals(ACCOUNT_SCHEMA)


def test_without_an_accounts_table_there_is_none(tmp_path: Path) -> None:
    assert accounts_until(tmp_path, NOON_US, tmp_path) is None
