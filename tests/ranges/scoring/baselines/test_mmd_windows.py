"""The windows test, calibrated over accounts; with an embedding made of a text's first letter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stillwatch.ranges.scoring.baselines.mmd_windows import Protocol, detect
from stillwatch.ranges.scoring.database import ScoreInputError
from tests.ranges.scoring.makers import Row, log_rows, write_log

SMALL = Protocol(window=30, least=5, draws=4, draw_size=40)


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    rows = np.zeros((len(texts), 26), dtype=np.float32)
    rows[np.arange(len(texts)), [ord(text[0]) - ord("a") for text in texts]] = 1
    return rows


def honest(count: int, seed: int = 0) -> list[Row]:
    random = np.random.default_rng(seed)
    return [
        row
        for i in range(count)
        for j in range(10)
        for row in log_rows(f"h{i:02}", prompt=f"{chr(97 + random.integers(10))} {j}", run=j)
    ]


def harvest(accounts: str = "xyz") -> list[Row]:
    return [row for a in accounts for j in range(12) for row in log_rows(a, prompt=f"z {j}", run=j)]


def flagged(folder: Path, **options: object) -> set[str]:
    made = detect(folder / "exchanges.jsonl", protocol=SMALL, embed=embed, **options)  # type: ignore[arg-type]
    return {r["account_id"] for r in made.accounts.to_pylist() if r["campaign_id"]}


def test_other_prompts_stand_out_and_the_rate_is_kept(tmp_path: Path) -> None:
    write_log(tmp_path, honest(60), harvest())
    assert flagged(tmp_path, false_positive_rate=0.05) == {"x", "y", "z"}
    assert flagged(tmp_path, false_positive_rate=0.0) == set()


def test_a_benign_log_calibrates_by_conformal_p_values(tmp_path: Path) -> None:
    write_log(tmp_path / "log", honest(30), harvest())
    write_log(tmp_path / "benign", honest(99, seed=5))
    benign = tmp_path / "benign" / "exchanges.jsonl"
    found = flagged(tmp_path / "log", benign=benign, false_positive_rate=0.05)
    assert {"x", "y", "z"} <= found and len(found) <= 3 + 5
    assert (
        flagged(tmp_path / "log", benign=benign, false_positive_rate=0.001) == set()
    )  # 99 accounts cannot say that


def test_small_accounts_are_not_scored_and_the_paper_threshold_is_told(tmp_path: Path) -> None:
    write_log(tmp_path, honest(20), log_rows("few", 4, prompt="z"))
    made = detect(tmp_path / "exchanges.jsonl", protocol=SMALL, embed=embed)
    assert "few" not in made.accounts["account_id"].to_pylist()
    assert made.parameters["scored_accounts"] == 20
    assert 0 <= made.parameters["flagged_by_draws"] <= 1


def test_it_is_the_same_each_time(tmp_path: Path) -> None:
    write_log(tmp_path, honest(20), harvest())
    one, two = (detect(tmp_path / "exchanges.jsonl", protocol=SMALL, embed=embed) for _ in range(2))
    assert one.scores.equals(two.scores)


def test_a_log_too_small_to_draw_from_is_told(tmp_path: Path) -> None:
    write_log(tmp_path, log_rows("a", 3))
    with pytest.raises(ScoreInputError, match="too few to draw from"):
        detect(tmp_path / "exchanges.jsonl", protocol=SMALL, embed=embed)
