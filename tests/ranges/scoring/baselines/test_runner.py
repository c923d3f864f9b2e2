"""Baselines by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.scoring import ScoreInputError, score
from stillwatch.ranges.scoring.baselines import BASELINES, run_baseline
from stillwatch.ranges.scoring.shares import Share
from tests.ranges.scoring.makers import log_rows, sent, write_log, write_truth


def test_a_baseline_is_written_and_can_be_scored(tmp_path: Path) -> None:
    write_truth(tmp_path / "log", *(sent(a, 2, "x") for a in "abc"), sent("h", 2))
    write_log(
        tmp_path / "log", *(log_rows(a, 2, ip="1.1.1.1") for a in "abc"), log_rows("h", 2, ip="2.2.2.2")
    )
    made = run_baseline("shared_address", tmp_path / "log", tmp_path / "out", least=2)
    assert made.parameters == {"least_accounts": 2}
    found = score(tmp_path / "out", tmp_path / "log")
    assert found.total.account_recall == Share(3, 3) and found.states["found"] == 1 and found.false == 0


def test_there_are_four() -> None:
    assert list(BASELINES) == ["volume", "shared_address", "exact_prompt", "mmd_windows"]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no baseline 'magic'; there are volume"):
        run_baseline("magic", tmp_path, tmp_path)
    with pytest.raises(ScoreInputError, match="no exchanges"):
        run_baseline("volume", tmp_path, tmp_path)
