"""`range ladder` climbs the steps asked for, and leaves tables and a plot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.ranges.scoring.baselines.embeddings import MissingExtraError
from stillwatch.ranges.trials import ladder, ladder_plot
from stillwatch.ranges.trials.ladder import LadderJob
from tests.ranges.trials.makers import row

Run = Callable[..., Any]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[LadderJob]:
    """The steps asked for; none is scanned."""
    asked: list[LadderJob] = []

    def climb(jobs: list[LadderJob], at_once: int) -> Any:
        asked.extend(jobs)
        for job in jobs:
            yield row(name=job.step.name, level=job.step.level, seed=job.seed), job.seed == 0

    monkeypatch.setattr(ladder, "climb", climb)
    monkeypatch.setattr(ladder_plot, "plot", lambda rows, path: path)
    return asked


def test_the_grid_is_climbed_and_told(stillwatch: Run, jobs: list[LadderJob], tmp_path: Path) -> None:
    words = ("--rungs", "1,6", "--sizes", "5x9", "--shares", "0.5,0.2", "--backgrounds", "3", "--seeds", 2)
    ran = stillwatch("range", "ladder", *words, "--baselines", "-o", tmp_path)
    assert ran.code == 0
    steps = {(j.step.level, j.step.accounts, j.step.each, j.step.share, j.step.background) for j in jobs}
    assert steps == {(1, 5, 9, 1.0, 3), (6, 5, 9, 0.5, 3), (6, 5, 9, 0.2, 3)}
    assert len(jobs) == 6 and all(job.baselines for job in jobs)
    assert ran.out == (tmp_path / "ladder.md").read_text(encoding="utf-8")
    assert len(json.loads((tmp_path / "ladder.json").read_text())) == 6
    assert "(6 of 6)" in ran.err and "kept from an earlier run" in ran.err
    assert str(tmp_path / "ladder.png") in ran.err


def test_without_matplotlib_the_tables_stand(
    stillwatch: Run, jobs: list[LadderJob], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(rows: object, path: Path) -> Path:
        raise MissingExtraError("plots need matplotlib: pip install 'stillwatch[ranges]'")

    monkeypatch.setattr(ladder_plot, "plot", absent)
    ran = stillwatch("range", "ladder", "--rungs", "1", "-o", tmp_path)
    assert ran.code == 0
    assert "no plot: plots need matplotlib: pip install 'stillwatch[ranges]'" in ran.err
    assert (tmp_path / "ladder.csv").is_file()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--rungs", "0-12"), ("--sizes", "20"), ("--shares", "0"), ("--backgrounds", "x"), ("--seeds", "0")],
)
def test_what_cannot_be_climbed_is_a_usage_error(
    stillwatch: Run, tmp_path: Path, option: str, value: str
) -> None:
    ran = stillwatch("range", "ladder", option, value, "-o", tmp_path / "new")
    assert ran.code == 2 and option in ran.err
    assert not (tmp_path / "new").exists()
