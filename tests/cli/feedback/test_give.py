"""`stillwatch feedback add`: what was said is in the ledger, or the reason why not is on standard error."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from stillwatch.feedback.ledger import read_ledger
from tests.cli.feedback.conftest import Place

Run = Callable[..., Any]


def test_a_word_is_taken(stillwatch: Run, place: Place) -> None:
    ran = stillwatch(*place.add, "--says", "honest")
    assert ran.code == 0
    assert ran.out == "F-0001  C-1: honest, says ada; the group is kept as a fixture\n"
    assert [e.because for e in read_ledger(place.state).entries] == ["a class"]


def test_it_gives_json_to_programs(stillwatch: Run, place: Place) -> None:
    ran = stillwatch(*place.add, "--says", "honest", "--appeal", "upheld", "--format", "json")
    said = json.loads(ran.out)
    assert said["id"] == "F-0001" and said["appeal"] == "upheld" and said["found"]["evidence"]


def test_a_member_is_heard_without_a_fixture_and_told_why(stillwatch: Run, place: Place) -> None:
    words = ["a1" if word == "C-1" else word for word in place.add]
    ran = stillwatch(*words, "--says", "honest", "--appeal", "upheld")
    assert ran.code == 0 and "fixture" not in ran.out
    assert "no fixture and no label" in ran.err and "C-1" in ran.err


def test_a_broken_line_is_told_and_nothing_is_lost(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "honest")
    with (place.state / "feedback.jsonl").open("ab") as file:
        file.write(b'{"id": "F-00')
    ran = stillwatch(*place.add, "--says", "honest")
    assert ran.code == 0 and "feedback.jsonl:2: not JSON" in ran.err
    assert [e.id for e in read_ledger(place.state).entries] == ["F-0001", "F-0003"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--says", "guilty"], 2, "--says"),
        (["--says", "campaign", "--appeal", "upheld"], 1, "contradict"),
        ([], 2, "--says"),
    ],
)
def test_words_that_cannot_be_meant(
    stillwatch: Run, place: Place, words: list[str], code: int, said: str
) -> None:
    ran = stillwatch(*place.add, *words)
    assert ran.code == code and said in ran.err
    assert not (place.state / "feedback.jsonl").exists()


def test_an_unknown_campaign(stillwatch: Run, place: Place) -> None:
    words = ["C-77" if word == "C-1" else word for word in place.add]
    ran = stillwatch(*words, "--says", "honest")
    assert ran.code == 1 and "no campaign and no account 'C-77'" in ran.err and "fix:" in ran.err


def test_without_a_state_it_says_which_option_is_missing(stillwatch: Run, place: Place) -> None:
    ran = stillwatch("feedback", "add", "C-1", "--results", place.results, "--says", "honest",
                     "--by", "ada", "--because", "x")  # fmt: skip
    assert ran.code == 2 and "add --state DIR" in ran.err
