"""`range baselines` runs the simple detectors over a range, beside a scan if one is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.ranges.scoring import card
from stillwatch.ranges.trials.trial import Trial

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the detectors that take no seconds."""
    monkeypatch.setitem(card.separability.__kwdefaults__, "baselines", ("volume", "shared_address"))


def test_the_scan_stands_first(stillwatch: Run, trial: Trial, tmp_path: Path) -> None:
    file = tmp_path / "card.json"
    ran = stillwatch("range", "baselines", trial.log, "--results", trial.results, "--json", file)
    assert ran.code == 0
    names = [line.split("`")[1] for line in ran.out.splitlines() if line.startswith("| `")]
    assert names == ["stillwatch scan", "volume", "shared_address"]
    assert [row["detector"] for row in json.loads(file.read_text())] == names


def test_the_rate_is_as_asked(stillwatch: Run, trial: Trial) -> None:
    assert "campaigns at 10.00%" in stillwatch("range", "baselines", trial.log, "--rate", 0.1).out
    assert stillwatch("range", "baselines", trial.log, "--rate", 2).code == 2


def test_a_folder_that_is_no_range_is_told(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("range", "baselines", tmp_path)
    assert ran.code == 1 and ran.err.startswith(f"error: {tmp_path}: no ")
