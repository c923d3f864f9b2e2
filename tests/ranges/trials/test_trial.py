"""A trial leaves a log, its truth and a scan of it."""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring import score
from stillwatch.ranges.trials.trial import Trial, run_trial, write_secret
from tests.ranges.trials.makers import honest


def test_the_results_can_be_scored_against_the_truth(trial: Trial) -> None:
    found = score(trial.results, trial.log)
    assert found.total.exchanges == trial.exchanges
    assert [c.campaign for c in found.campaigns] == ["rung"]


def test_the_secret_is_the_same_everywhere_and_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = write_secret(tmp_path / "a"), write_secret(tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_mode & 0o077 == 0


def test_the_accounts_table_can_be_kept_from_the_scan(tmp_path: Path) -> None:
    made = run_trial(honest(), 1, tmp_path, accounts_table=False)
    assert not list(made.log.glob("accounts.*"))
    assert (made.results / "campaigns.json").is_file()
