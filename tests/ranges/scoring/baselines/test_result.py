"""What a baseline hands back and writes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.ranges.scoring.baselines.result import accuse, listed, together_or_apart

ACCUSE = "distillation_campaign"


def test_results_are_the_least_form_that_a_score_accepts(tmp_path: Path) -> None:
    ids = pa.array(["b", "a", "c"])
    made = accuse("mine", ids, np.array([2.0, 1.0, -np.inf]), np.array([7, -1, 7]), {"least": 3})
    made.write(tmp_path / "out")
    rows = {r["account_id"]: r for r in pq.read_table(tmp_path / "out" / "accounts.parquet").to_pylist()}
    assert rows["b"] == {"account_id": "b", "verdict": ACCUSE, "campaign_id": "mine-7"}
    assert rows["a"] == {"account_id": "a", "verdict": "none", "campaign_id": None}
    scores = pq.read_table(tmp_path / "out" / "scores.parquet").to_pylist()
    assert scores == [{"account_id": "a", "score": 1.0}, {"account_id": "b", "score": 2.0}]
    assert json.loads((tmp_path / "out" / "baseline.json").read_text()) == {
        "name": "mine",
        "parameters": {"least": 3},
    }


def test_a_detector_that_ties_nothing_reports_all_as_one_or_one_each() -> None:
    flagged = np.array([True, False, True])
    assert together_or_apart(flagged, True).tolist() == [0, -1, 0]
    assert together_or_apart(flagged, False).tolist() == [0, -1, 2]


def test_one_file_or_several() -> None:
    assert listed(Path("a")) == [Path("a")] == listed([Path("a")])
