"""Scans day by day with a state: ids stay, the dial is spent, and a run that ends early leaves what was there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stillwatch import pipeline, ranges
from stillwatch.campaigns.lasting.state import STATE_FILE, StateError, locked, read_state
from stillwatch.campaigns.model import ScanResult
from stillwatch.demo import SEED, DemoOutcome
from stillwatch.pipeline import scan

DAYS = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the demo's log, and in `state` what scanning its days one by one leaves."""
    made, where = ranges.build("demo", seed=SEED), tmp_path_factory.mktemp("days")
    pq.write_table(made.exchanges, where / "exchanges.parquet")
    pq.write_table(made.accounts, where / "accounts.parquet")
    return where


def days(folder: Path, secret: Path, state: Path) -> Iterator[ScanResult]:
    """Scan the days of a log one by one."""
    first = pc.min(pq.read_table(folder / "exchanges.parquet", columns=["time"])["time"]).as_py()
    begin = first.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(DAYS):
        since = begin + timedelta(days=day)
        yield scan(
            folder / "exchanges.parquet",
            accounts=folder / "accounts.parquet",
            secret=secret,
            state=state,
            since=since,
            until=since + timedelta(days=1),
        )


def test_days_one_by_one_keep_ids_and_count_what_was_spent(folder: Path, demo_outcome: DemoOutcome) -> None:
    state, seen = folder / "state", {}
    guilty = {
        row["account_id"]
        for row in ranges.build("demo", seed=SEED).truth_accounts.to_pylist()
        if row["campaign"] is not None
    }
    for day, result in enumerate(days(folder, demo_outcome.secret, state)):
        assert result.run["scans"] == day + 1
        for campaign in result.campaigns:
            members = {member.account_id for member in campaign.accounts}
            if campaign.verdict == "distillation_campaign":
                assert members <= guilty
            for name, before in seen.items():  # who is mostly the same goes by the same name
                if len(members & before) > 0.6 * len(members | before):
                    assert name == campaign.campaign_id
            seen[campaign.campaign_id] = members
    left = read_state(state)
    assert left.scans == DAYS and left.until is not None and left.until > left.since
    assert sum(left.found.values()) >= 3
    assert {known.campaign_id for known in left.campaigns} >= set(seen) - {
        c.campaign_id for c in left.history if c.event == "merged_into"
    }
    assert all(candidate.ledger.scans <= DAYS for candidate in left.candidates)


def test_a_run_that_fails_or_meets_another_leaves_the_state_as_it_was(
    folder: Path, demo_outcome: DemoOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = folder / "other"
    next(days(folder, demo_outcome.secret, state))
    before = (state / STATE_FILE).read_bytes()
    with locked(state), pytest.raises(StateError, match="another scan"):
        next(days(folder, demo_outcome.secret, state))

    def fail(*_given: object, **_said: object) -> None:
        raise KeyboardInterrupt

    for stage in ("assemble", "write_state"):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(pipeline, stage, fail)
            next(days(folder, demo_outcome.secret, state))
        assert (state / STATE_FILE).read_bytes() == before
