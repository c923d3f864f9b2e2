"""`range null` leaves with 1 only where the dial is contradicted beyond chance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stillwatch.ranges.scoring.campaigns import ReportedScore
from stillwatch.ranges.scoring.score import score
from stillwatch.ranges.scoring.shares import Share
from stillwatch.ranges.trials import null
from stillwatch.ranges.trials.null import NullLog
from stillwatch.ranges.trials.trial import Trial

Run = Callable[..., Any]
FALSE = ReportedScore("C-1", "distillation_campaign", "suspected", 2.0, Share(0, 2), Share(0, 9), wrong=True)


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch, trial: Trial) -> dict[str, Any]:
    """What is asked for; `false` says on how many logs a campaign is reported."""
    state: dict[str, Any] = {"false": 0}
    quiet = replace(score(trial.results, trial.log), reported=(), campaigns=(), verdicts=())

    def trials(seeds: range, scale: float, **options: Any) -> Iterator[NullLog]:
        state.update(options, seeds=seeds, scale=scale)
        for place, seed in enumerate(seeds):
            found = replace(quiet, reported=(FALSE,)) if place < state["false"] else quiet
            yield NullLog(seed, 100, 20, 1.0, found)

    monkeypatch.setattr(null, "null_trial", trials)
    return state


def test_a_promise_that_holds_leaves_with_0(stillwatch: Run, logs: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "null.json"
    ran = stillwatch(
        "range", "null", "--seeds", 20, "--first", 5, "--scale", 0.1, "--jobs", 2, "--json", file
    )
    assert ran.code == 0
    assert (logs["seeds"], logs["scale"], logs["at_once"]) == (range(5, 25), 0.1, 2)
    assert "the promise holds" in ran.out
    assert "seed 24 (20 of 20)" in ran.err
    assert len(json.loads(file.read_text())["by_seed"]) == 20


def test_a_promise_that_is_contradicted_leaves_with_1(stillwatch: Run, logs: dict[str, Any]) -> None:
    logs["false"] = 6
    ran = stillwatch("range", "null", "--seeds", 20)
    assert ran.code == 1
    assert "CONTRADICTED" in ran.out
    assert "error: more false campaigns than the dial allows" in ran.err


def test_chance_alone_does_not(stillwatch: Run, logs: dict[str, Any]) -> None:
    logs["false"] = 2
    assert stillwatch("range", "null", "--seeds", 20).code == 0


@pytest.mark.parametrize("words", [["--seeds", 0], ["--scale", 0], ["--jobs", 3], ["--first", -1]])
def test_what_cannot_be_asked_is_a_usage_error(stillwatch: Run, words: list[object]) -> None:
    assert stillwatch("range", "null", *words).code == 2
