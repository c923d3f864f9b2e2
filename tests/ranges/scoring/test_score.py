"""A whole score."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.scoring import ScoreInputError, score
from stillwatch.ranges.scoring.shares import Share

from .makers import ACCUSE, give, held, sent, write_results, write_truth

X = [row for a in "abc" for row in sent(a, 10, "x")]
CUSTOMERS = sent("a", 8, None, "pool_customer")
HONEST = [row for a in "hij" for row in sent(a, 5)]


def test_a_perfect_detector_scores_perfectly(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", X, CUSTOMERS, HONEST)
    listed = [{"campaign_id": "C", "verdict": ACCUSE, "confidence": "likely", "log10_e": 6.0}]
    results = write_results(tmp_path / "r", [held(a, "C") for a in "abc"], give(X, "C"), listed, tested=9)
    found = score(results, truth, days=30.44)
    assert found.by_exchange and found.states["found"] == 1 and found.false == 0
    assert found.total.account_recall == found.total.account_precision == Share(3, 3)
    assert found.total.exchange_recall == found.total.exchange_precision == Share(30, 30)
    assert found.mixed_customers == Share(0, 8)
    assert found.linking.bcubed_f1 == 1.0 and found.linking.pair_recall == 1.0
    assert found.enforcement.per_million_at_most == pytest.approx(2.9957 / 3 * 1e6, rel=1e-3)
    assert found.calibration.tested == 9
    assert all(row.right.share == 1.0 for row in found.verdicts)


def test_a_detector_that_accuses_everybody_is_told(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", X, CUSTOMERS, HONEST)
    found = score(write_results(tmp_path / "r", [held(a, "C") for a in "abchijz"]), truth)
    assert not found.by_exchange and found.unknown_accounts == 1
    assert found.total.account_precision == Share(3, 6)
    assert found.mixed_customers == Share(8, 8)
    assert found.enforcement.wrong == Share(3, 3)
    assert found.enforcement.days is None


def test_exchanges_of_another_log_are_counted(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", X, HONEST)
    results = write_results(tmp_path / "r", [held("a", "C")], give(X[:10], "C") | {"elsewhere": "C"})
    assert score(results, truth).unknown_exchanges == 1


def test_the_accounts_beside_the_truth_are_read(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", X, HONEST)
    (truth / "accounts.csv").write_text("account_id,plan\nh,free\ni,free\nj,team\nidle,team\n")
    found = score(write_results(tmp_path / "r", [held("h", "C")]), truth)
    assert found.enforcement.by["plan"] == {"free": Share(1, 2), "team": Share(0, 2)}
    assert found.enforcement.wrong == Share(1, 4)


def test_a_log_without_campaigns_and_a_detector_without_findings(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", HONEST)
    found = score(write_results(tmp_path / "r", [held("h")], {}), truth)
    assert found.campaigns == () and found.reported == () and found.mixed_customers == Share(0, 0)


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScoreInputError, match="confidence 'sure'"):
        score(tmp_path, tmp_path, confidence="sure")  # type: ignore[arg-type]
    with pytest.raises(ScoreInputError, match=r"no accounts\.parquet"):
        score(tmp_path, tmp_path)
    results = write_results(tmp_path / "r", [held("a", "C")])
    with pytest.raises(ScoreInputError, match=r"no truth\.parquet"):
        score(results, tmp_path)
