"""`range score` prints the score, and writes it as JSON where asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stillwatch.ranges.scoring import as_json, render, score
from stillwatch.ranges.trials.trial import Trial

Run = Callable[..., Any]


def test_the_score_is_printed_and_written(stillwatch: Run, trial: Trial, tmp_path: Path) -> None:
    ran = stillwatch("range", "score", trial.results, trial.log, "--json", tmp_path / "score.json")
    found = score(trial.results, trial.log)
    assert ran.code == 0
    assert ran.out == render(found) + "\n"
    assert (tmp_path / "score.json").read_text(encoding="utf-8") == as_json(found)


def test_the_level_of_enforcement_is_as_asked(stillwatch: Run, trial: Trial, tmp_path: Path) -> None:
    file = tmp_path / "score.json"
    ran = stillwatch("range", "score", trial.results, trial.log, "--enforce-at", "likely", "--json", file)
    assert ran.code == 0
    assert json.loads(file.read_text())["enforcement"]["confidence"] == "likely"
    assert stillwatch("range", "score", trial.results, trial.log, "--enforce-at", "certain").code == 2


def test_a_folder_without_results_is_told(stillwatch: Run, trial: Trial, tmp_path: Path) -> None:
    ran = stillwatch("range", "score", tmp_path, trial.log)
    assert ran.code == 1
    assert ran.err.startswith(f"error: {tmp_path}: no accounts.parquet")
