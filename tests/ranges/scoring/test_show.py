"""Scores as text."""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring import render, score
from stillwatch.ranges.scoring.show import columns, number

from .makers import ACCUSE, give, held, sent, write_results, write_truth


def test_everything_that_matters_is_said(tmp_path: Path) -> None:
    rows = sent("a", 3, "copper")
    truth = write_truth(tmp_path / "t", rows, sent("a", 2), sent("h"))
    listed = [{"campaign_id": "C-1", "verdict": ACCUSE, "confidence": "high", "log10_e": 6.0},
              {"campaign_id": "C-2", "verdict": ACCUSE, "confidence": "high", "log10_e": 7.0}]  # fmt: skip
    accounts = [held("a", "C-1", log10_e=6.0), held("h", "C-2", log10_e=7.0), held("z")]
    results = write_results(tmp_path / "r", accounts, give(rows, "C-1"), listed, tested=5)
    text = render(score(results, truth, days=30.44))
    for said in ("found 1", "false 1", "copper", "C-2", "FALSE", "per million account-months", "B-cubed",
                 "not in the truth     1 accounts", "1e7", "contradicted", "mean e"):  # fmt: skip
        assert said in text, said
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_score_of_nothing_can_be_shown(tmp_path: Path) -> None:
    text = render(score(write_results(tmp_path / "r", [held("h")]), write_truth(tmp_path / "t", sent("h"))))
    assert "no campaign in the truth" in text and "nothing reported" in text
    assert "no exchanges attributed" in text and "span is unknown" in text


def test_columns_are_aligned() -> None:
    assert columns(["a", "n"], [["long", "1"], ["b", "10"]]) == "a      n\nlong   1\nb     10"
    assert number(None) == "–" and number(0.5) == "0.500"
