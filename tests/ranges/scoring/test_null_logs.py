"""Many logs without a campaign."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.scoring.null_logs import null_logs
from stillwatch.ranges.scoring.score import Score, score
from stillwatch.ranges.scoring.shares import Share

from .makers import held, sent, write_results, write_truth


def null_score(folder: Path, campaign: str | None, days: float | None = 30.44) -> Score:
    truth = write_truth(folder / "t", sent("h"), sent("i"))
    return score(write_results(folder / "r", [held("h", campaign)]), truth, days=days)


def test_logs_with_a_false_campaign_are_held_against_the_dial(tmp_path: Path) -> None:
    scores = [null_score(tmp_path / str(i), "C" if i == 0 else None) for i in range(4)]
    found = null_logs(scores, dial=0.05)
    assert found.with_false == Share(1, 4) and found.within_dial
    assert found.wrong == Share(1, 8) and found.account_months == pytest.approx(8)
    assert found.per_million == pytest.approx(125_000)
    assert found.per_million_at_most == pytest.approx(4.7439 / 8 * 1e6, rel=1e-4)
    assert not null_logs(scores[:1] * 4, dial=0.05).within_dial


def test_an_unknown_span_gives_no_rate(tmp_path: Path) -> None:
    found = null_logs([null_score(tmp_path, None, None)], dial=0.05)
    assert found.account_months is None and found.per_million is None and found.per_million_at_most is None


def test_a_log_with_a_campaign_is_refused(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", sent("a", 1, "x"))
    scored = score(write_results(tmp_path / "r", [held("a")]), truth)
    with pytest.raises(ValueError, match="log 0 holds a campaign"):
        null_logs([scored], dial=0.05)
