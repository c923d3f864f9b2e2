"""Scores as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from stillwatch.ranges.scoring import as_json, score

from .makers import give, held, sent, write_results, write_truth


def test_json_is_stable_and_holds_derived_figures(tmp_path: Path) -> None:
    rows = sent("a", 3, "x")
    truth = write_truth(tmp_path / "t", rows, sent("h"))
    results = write_results(tmp_path / "r", [held("a", "C", log10_e=3.0), held("h")], give(rows, "C"))
    text = as_json(score(results, truth, days=10))
    assert text == as_json(score(results, truth, days=10)) and text.endswith("}\n")
    made = json.loads(text)
    assert list(made) == sorted(made)
    assert made["states"]["found"] == 1 and made["linking"]["bcubed_f1"] == 1.0
    assert made["total"]["account_recall"] == {"hits": 1, "of": 1, "share": 1.0, "low": 0.025, "high": 1.0}
    assert made["enforcement"]["per_million"] == 0.0
    assert made["calibration"]["levels"][0]["contradicted"] is False
