"""The busiest accounts."""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring.baselines.volume import detect
from tests.ranges.scoring.makers import log_rows, write_log


def flagged(folder: Path, share: float, together: bool = True) -> dict[str, str]:
    groups = [log_rows(f"a{i}", i + 1) for i in range(10)]
    made = detect(write_log(folder, *groups) / "exchanges.jsonl", flagged=share, together=together)
    return {r["account_id"]: r["campaign_id"] for r in made.accounts.to_pylist() if r["campaign_id"]}


def test_no_more_than_the_share_are_flagged(tmp_path: Path) -> None:
    assert set(flagged(tmp_path, 0.2)) == {"a8", "a9"}
    assert set(flagged(tmp_path, 0.05)) == set()


def test_one_campaign_or_one_each(tmp_path: Path) -> None:
    assert len(set(flagged(tmp_path, 0.3).values())) == 1
    assert len(set(flagged(tmp_path, 0.3, together=False).values())) == 3


def test_the_score_is_the_volume(tmp_path: Path) -> None:
    made = detect(write_log(tmp_path, log_rows("a", 3), log_rows("b", 5)) / "exchanges.jsonl")
    assert made.scores.to_pylist() == [{"account_id": "a", "score": 3.0}, {"account_id": "b", "score": 5.0}]
