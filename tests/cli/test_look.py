"""Looking at a log counts it once, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

from stillwatch.cli.look import log_coverage
from stillwatch.cli.terminal import StageProgress
from stillwatch.settings import Settings
from tests.cli.makers import exchange, log

NO_PROGRESS = StageProgress(None)


def test_a_log_is_counted_with_its_bad_rows(tmp_path: Path) -> None:
    path = log(tmp_path / "log.jsonl", [exchange(1), exchange(2, output=None), "{"])
    found = log_coverage([str(path)], None, Settings(), NO_PROGRESS)
    shares = {row.field: row.share for row in found.fields}
    assert (found.exchanges, found.accounts, sum(found.rejected.values())) == (2, 2, 1)
    assert shares["output"] == 0.5
    assert shares["ip"] == 0.0
    assert found.first == found.last == "2026-06-01 12:00"
    assert list(tmp_path.iterdir()) == [path]


def test_an_accounts_table_gives_its_signals_their_fields(tmp_path: Path) -> None:
    path = log(tmp_path / "log.jsonl", [exchange(1)])
    accounts = log(tmp_path / "accounts.jsonl", [{"account_id": "a1", "payment_fp": "p"}])
    without = log_coverage([str(path)], None, Settings(), NO_PROGRESS)
    with_it = log_coverage([str(path)], accounts, Settings(), NO_PROGRESS)
    assert "shared_payment" in {s.signal for s in without.silent}
    assert "shared_payment" not in {s.signal for s in with_it.silent}
