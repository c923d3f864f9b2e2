"""The rows that are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.scoring import samples
from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.samples import account_rows, exchange_rows

from .makers import sent, write_log, write_truth


def log(folder: Path, accounts: bool = True) -> Path:
    rows = [
        *sent("op", 6, "x"),
        *sent("op", 4, None, "pool_customer"),
        *sent("h", 6),
        *sent("s", 3, None, "resale_pool"),
    ]
    write_truth(folder, rows)
    lines = [
        {k: r[k] for k in ("exchange_id", "account_id")}
        | {"time": "2026-06-01T00:00:00Z", "user_agent": "curl/8"}
        for r in rows
    ]
    return write_log(
        folder, lines, accounts=[{"account_id": a} for a in ("op", "h", "s")] if accounts else None
    )


def test_campaign_rows_and_honest_accounts_are_drawn(tmp_path: Path) -> None:
    with Database() as database:
        rows = exchange_rows(database, log(tmp_path))
        accounts = account_rows(database, tmp_path)
    found = [(r["account_id"], r["campaign"]) for r in rows.select(["account_id", "campaign"]).to_pylist()]
    assert sorted(found, key=str) == [("h", None)] * 6 + [("op", "x")] * 6
    assert set(rows["class"].to_pylist()) == {"curl | no sdk | direct"}
    assert accounts is not None
    assert {(r["account_id"], r["campaign"]) for r in accounts.to_pylist()} == {("op", "x"), ("h", None)}


def test_samples_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "PER_CAMPAIGN", 2)
    monkeypatch.setattr(samples, "PER_CLASS", 3)
    with Database() as database:
        rows = exchange_rows(database, log(tmp_path, accounts=False))
        assert account_rows(database, tmp_path) is None
    assert rows["campaign"].null_count == 3 and len(rows) == 5
