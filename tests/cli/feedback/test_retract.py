"""`stillwatch feedback retract`: a word is taken back once, with a name and a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cli.feedback.conftest import Place

Run = Callable[..., Any]


def test_a_word_is_taken_back_once(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "honest")
    words = ("feedback", "retract", "F-0001", "--state", place.state, "--by", "bob", "--because", "mistaken")
    ran = stillwatch(*words)
    assert ran.code == 0 and ran.out.startswith("F-0002  takes F-0001 back")
    again = stillwatch(*words)
    assert again.code == 1 and "taken back before" in again.err


def test_who_and_why_are_required(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "honest")
    ran = stillwatch("feedback", "retract", "F-0001", "--state", place.state, "--by", "bob")
    assert ran.code == 2 and "--because" in ran.err
