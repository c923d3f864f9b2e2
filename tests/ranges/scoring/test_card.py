"""The table for the benchmark card."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.scoring import card
from stillwatch.ranges.scoring.baselines.embeddings import MissingExtraError
from stillwatch.ranges.scoring.card import markdown, separability
from stillwatch.ranges.scoring.shares import Share

from .makers import held, log_rows, sent, write_log, write_results, write_truth


def log(folder: Path) -> Path:
    honest = [f"h{i}" for i in range(9)]
    write_truth(folder, *(sent(a, 4, "x") for a in "abc"), *(sent(h, 2) for h in honest))
    pool = [log_rows(a, 4, ip="1.1.1.1", prompt="Solve the item and show your work.") for a in "abc"]
    return write_log(folder, *pool, *(log_rows(h, 2, ip=f"9.9.9.{i}") for i, h in enumerate(honest)))


def test_detectors_stand_side_by_side(tmp_path: Path) -> None:
    scan = write_results(tmp_path / "r", [held("a", "C"), held("b", "C")])
    names = ("shared_address", "exact_prompt", "volume")
    options = {"volume": {"flagged": 0.1}}
    rows = separability(log(tmp_path / "l"), results=scan, rate=0.0, baselines=names, options=options)
    assert [row.detector for row in rows] == ["stillwatch scan", *names]
    assert [row.campaigns_found for row in rows] == [Share(1, 1)] * 3 + [Share(0, 1)]
    assert rows[0].equal is None and rows[0].seconds is None
    assert rows[1].equal is not None and rows[1].equal.accounts == Share(3, 3)
    text = markdown(rows)
    assert "| `stillwatch scan` | 66.7% | 100.0% | 0 of 9 | 1 of 1 | 0 | – | – |" in text
    assert "| `exact_prompt` | 100.0% | 100.0% | 0 of 9 | 1 of 1 | 0 | 100.0% | 1 of 1 |" in text


def test_a_baseline_that_cannot_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_arguments: object, **_options: object) -> None:
        raise MissingExtraError("install it")

    monkeypatch.setattr(card, "run_baseline", missing)
    (row,) = separability(log(tmp_path), baselines=["mmd_windows"])
    assert row.score is None and row.note == "install it" and row.campaigns_found == Share(0, 0)
    assert "not run" in markdown([row]) and "mmd_windows: install it" in markdown([row])
