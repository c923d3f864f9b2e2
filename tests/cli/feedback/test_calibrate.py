"""`stillwatch feedback calibrate`: shown before it is done, and done under a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.feedback.conftest import Place

Run = Callable[..., Any]


def test_it_shows_what_would_change_and_writes_nothing(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "honest")
    ran = stillwatch("feedback", "calibrate", "--state", place.state)
    text = " ".join(ran.out.split())
    assert ran.code == 0 and not (place.state / "labels.json").exists()
    assert "1 labelled piece of work (0 in force now)" in text
    assert "reasoning" in text and "→" in text
    assert "every other kind of work moves by 0.000 at most" in text
    assert "ceilings, cuts and the dial: unchanged" in text and "nothing is written" in text


def test_applied_it_says_by_whom(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "honest")
    words = ("feedback", "calibrate", "--state", place.state, "--apply", "--by", "carol", "--because", "x")
    ran = stillwatch(*words)
    assert ran.code == 0 and "in force: priors calibrated by 1 label, applied by carol" in ran.out
    assert (place.state / "labels.json").exists()


@pytest.mark.parametrize("words", [[], ["--by", "carol"], ["--because", "x"]])
def test_it_is_not_applied_without_a_name_and_a_reason(
    stillwatch: Run, place: Place, words: list[str]
) -> None:
    ran = stillwatch("feedback", "calibrate", "--state", place.state, "--apply", *words)
    assert ran.code == 1 and "--by NAME" in ran.err
    assert not (place.state / "labels.json").exists()


def test_it_gives_json_to_programs(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "campaign")
    said = json.loads(stillwatch("feedback", "calibrate", "--state", place.state, "--format", "json").out)
    assert said["applied"] is False and said["labels"]["campaigns"]["clear"] == {"reasoning_elicitation": 1}
    assert {row["signal"] for row in said["moves"]} == {"sought_capability", "harvest_shape"}


def test_what_is_not_counted_is_told(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "unclear")
    assert (
        "not counted: F-0001 C-1: unclear" in stillwatch("feedback", "calibrate", "--state", place.state).out
    )
