"""E-values held to their word."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.scoring.calibration import calibration, decades
from stillwatch.ranges.scoring.campaigns import ReportedScore
from stillwatch.ranges.scoring.shares import Share

from .makers import ACCUSE, held, sent, tallied, write_results, write_truth


def group(log10_e: float | None, wrong: bool = False, verdict: str = ACCUSE) -> ReportedScore:
    return ReportedScore("C", verdict, "suspected", log10_e, Share(0, 1), Share(0, 1), wrong)


def test_groups_are_counted_by_orders_of_ten() -> None:
    rows = decades([group(2.0), group(2.9, wrong=True), group(3.1, wrong=True), group(None)], tested=500)
    assert [(r.decade, r.groups, r.wrong, r.wrong_above) for r in rows] == [(2, 2, 1, 2), (3, 1, 1, 1)]
    assert [r.allowed_above for r in rows] == pytest.approx([5.0, 0.5])
    assert not any(r.contradicted for r in rows)


def test_too_many_wrong_groups_contradict() -> None:
    (row,) = decades([group(4.0, wrong=True)] * 3, tested=100)
    assert row.allowed_above == pytest.approx(0.01) and row.contradicted
    (untold,) = decades([group(4.0, wrong=True)] * 3, tested=None)
    assert untold.allowed_above is None and not untold.contradicted


def test_unrelated_honest_accounts_are_held_against_markov(tmp_path: Path) -> None:
    quiet = [f"q{i}" for i in range(96)]
    truth = write_truth(
        tmp_path / "t", *(sent(a) for a in [*quiet, "w", "x", "y", "z"]), sent("op", 1, "x"),
        sent("f", 1, None, "enterprise"),
    )  # fmt: skip
    loud = {"w": 1.0, "x": 1.0, "y": 2.0, "z": 2.0, "op": 9.0, "f": 9.0}
    given = [held(a, log10_e=0.0) for a in quiet[1:]] + [held(a, log10_e=e) for a, e in loud.items()]
    with tallied(write_results(tmp_path / "r", given), truth) as database:
        found = calibration(database, [], None, has_evidence=True)
        silent = calibration(database, [], None, has_evidence=False)
    shares = {level.alpha: level.above for level in found.levels}
    assert shares[0.1] == Share(4, 100) and shares[0.01] == Share(2, 100) and shares[0.001] == Share(0, 100)
    assert found.mean_e == pytest.approx((96 + 2 * 10 + 2 * 100) / 100)  # no row and no evidence: e = 1
    assert not any(level.contradicted for level in found.levels)
    assert silent.levels == () and silent.mean_e is None
