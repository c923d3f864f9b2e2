"""`range leak` scans a range as it grows and tells what leaked before each report."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.ranges.trials import leak
from stillwatch.ranges.trials.trial import Trial
from tests.ranges.trials.makers import prefix, sight

Run = Callable[..., Any]


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The prefix ends that are asked for; nothing is scanned."""
    asked: list[int] = []

    def scanned(log: Path, truth: object, ends: list[int], **options: Any) -> list[Any]:
        asked.extend(ends)
        found = [prefix(30 + i, sight(10 * (i + 1), campaign="rung")) for i in range(len(ends))]
        for each in found:
            options["progress"](each)
        return found

    monkeypatch.setattr(leak, "scan_prefixes", scanned)
    return asked


def test_the_table_goes_out_and_all_of_it_into_the_file(
    stillwatch: Run, trial: Trial, tmp_path: Path, ends: list[int]
) -> None:
    file = tmp_path / "leak.json"
    ran = stillwatch("range", "leak", trial.log, "--steps", 3, "--out", file)
    assert ran.code == 0
    assert ran.out.splitlines()[1].split()[:2] == ["rung", "never"]
    assert "0 of 1 campaigns begun reported" in ran.err
    assert [c["campaign"] for c in json.loads(file.read_text())["campaigns"]] == ["rung"]


def test_the_prefixes_are_as_asked(stillwatch: Run, trial: Trial, ends: list[int]) -> None:
    assert stillwatch("range", "leak", trial.log, "--every", 6).code == 0
    steps = {b - a for a, b in itertools.pairwise(ends[:-1])}
    assert steps == {6 * 3_600_000_000}
    ends.clear()
    assert stillwatch("range", "leak", trial.log, "--steps", 1).code == 0
    assert len(ends) == 1


def test_what_cannot_be_asked_is_a_usage_error(stillwatch: Run, trial: Trial) -> None:
    assert "not both" in stillwatch("range", "leak", trial.log, "--steps", 2, "--every", 3).err
    for words in (["--every", 0], ["--steps", 0]):
        assert stillwatch("range", "leak", trial.log, *words).code == 2


def test_a_folder_that_is_no_range_is_told(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("range", "leak", tmp_path)
    assert ran.code == 1 and ran.err.startswith(f"error: {tmp_path}: no ")
