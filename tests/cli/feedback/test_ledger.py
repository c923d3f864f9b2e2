"""`stillwatch feedback list` and `show`: everything that was said, and the evidence as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.feedback.conftest import Place

Run = Callable[..., Any]


def test_an_empty_ledger(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("feedback", "list", "--state", tmp_path)
    assert (ran.code, ran.out) == (0, "nobody has said anything yet\n")
    assert list(tmp_path.iterdir()) == []


def test_all_entries_are_listed_with_those_taken_back(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "honest", "--appeal", "upheld")
    stillwatch(
        "feedback", "retract", "F-0001", "--state", place.state, "--by", "bob", "--because", "mistaken"
    )
    ran = stillwatch("feedback", "list", "--state", place.state)
    text = " ".join(ran.out.split())
    assert "honest, appeal upheld" in text and "(taken back)" in text and "takes F-0001 back" in text
    rows = json.loads(stillwatch("feedback", "list", "--state", place.state, "--format", "json").out)
    assert [(row["id"], row["retracts"]) for row in rows] == [("F-0001", None), ("F-0002", "F-0001")]


def test_one_entry_is_shown_with_its_evidence(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add[:-1], "\x1b[31mred", "--says", "honest")
    ran = stillwatch("feedback", "show", "F-0001", "--state", place.state)
    assert ran.code == 0 and "\x1b" not in ran.out
    assert "retry_handed_over" in ran.out and "secret aa11" in ran.out and "axes: coordination" in ran.out
    as_json = json.loads(
        stillwatch("feedback", "show", "F-0001", "--state", place.state, "--format", "json").out
    )
    assert as_json["found"]["evidence"][0]["signal"] == "retry_handed_over"


def test_a_retraction_is_shown(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "honest")
    stillwatch(
        "feedback", "retract", "F-0001", "--state", place.state, "--by", "bob", "--because", "mistaken"
    )
    ran = stillwatch("feedback", "show", "F-0002", "--state", place.state)
    assert "takes F-0001 back" in ran.out and "because: mistaken" in ran.out


def test_an_unknown_entry(stillwatch: Run, place: Place) -> None:
    ran = stillwatch("feedback", "show", "F-0009", "--state", place.state)
    assert ran.code == 1 and "no entry 'F-0009'" in ran.err
