"""Rankings compared at equal false positives."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.scoring.database import ScoreInputError
from stillwatch.ranges.scoring.shares import Share
from stillwatch.ranges.scoring.thresholds import at_equal_false_positives, least_threshold

from .makers import ACCUSE, held, sent, write_results, write_truth


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(0, 30))
def test_no_lower_threshold_would_do(values: list[int], allowed: int) -> None:
    scores = np.array(values, dtype=float)
    threshold = least_threshold(scores, allowed)
    assert (scores > threshold).sum() <= allowed
    lower = scores[scores < threshold].max(initial=-math.inf)
    assert math.isinf(threshold) or (scores > lower).sum() > allowed or lower == -math.inf


def ranked(**scores: float) -> pa.Table:
    return pa.table({"account_id": list(scores), "score": list(scores.values())})


def truth(folder: Path) -> Path:
    honest = [sent(f"h{i}") for i in range(10)]
    return write_truth(folder, *honest, *(sent(a, 1, "x") for a in "ab"), *(sent(a, 1, "y") for a in "cde"))


def test_recall_is_read_off_at_the_rate(tmp_path: Path) -> None:
    scores = ranked(h0=5.0, h1=3.0, h2=1.0, a=4.0, b=2.0, c=6.0, d=0.5, zz=9.0)
    found = at_equal_false_positives(scores, truth(tmp_path), 0.1)
    assert found.threshold == 3.0
    assert found.honest == Share(1, 10)
    assert found.accounts == Share(2, 5)
    assert found.campaigns == Share(1, 2)  # half of x, a third of y


def test_ties_are_flagged_together_or_not_at_all(tmp_path: Path) -> None:
    scores = ranked(h0=5.0, h1=5.0, a=5.0)
    found = at_equal_false_positives(scores, truth(tmp_path), 0.1)
    assert found.honest == Share(0, 10) and found.accounts == Share(0, 5)


def test_an_account_without_a_score_is_never_flagged(tmp_path: Path) -> None:
    found = at_equal_false_positives(ranked(a=0.0, b=math.nan), truth(tmp_path), 1.0)
    assert found.threshold is None and found.accounts == Share(1, 5)


def test_a_scan_ranks_by_the_evidence_against_the_accused(tmp_path: Path) -> None:
    results = write_results(
        tmp_path / "r",
        [
            held("a", "C", ACCUSE, log10_e=4.0),
            held("h0", "R", "related_accounts", log10_e=30.0),
            held("h1", log10_e=0.0),
        ],
    )
    found = at_equal_false_positives(results, truth(tmp_path / "t"), 0.0)
    assert found.accounts == Share(1, 5) and found.honest == Share(0, 10)


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScoreInputError, match="nothing to rank by"):
        at_equal_false_positives(write_results(tmp_path / "r", [held("a", "C")]), truth(tmp_path / "t"), 0.1)
    with pytest.raises(ValueError, match="rate between 0 and 1"):
        at_equal_false_positives(ranked(a=1.0), tmp_path, 2.0)
