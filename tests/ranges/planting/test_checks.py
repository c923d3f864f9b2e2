"""A log that cannot be planted in is told why, and what a planting cannot test is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stillwatch.exchanges import DeadLetters
from stillwatch.ranges.planting.checks import check, notes_on
from stillwatch.ranges.planting.errors import PlantError
from tests.ranges.planting.makers import own_rows, profile_of

MANIFEST: dict[str, Any] = {"planted": {"exchanges": 10, "refused_left_out": 0}, "log": {}}


def test_an_empty_log_points_to_the_doctor() -> None:
    with pytest.raises(PlantError, match="doctor"):
        check(None, DeadLetters())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"messages": ...}, "carries no text"),
        ({"messages": [{"role": "user", "content": ""}], "system": ...}, "messages are empty"),
        ({"hours": 0.5}, "give a day or more"),
    ],
)
def test_a_log_that_will_not_do_says_why(tmp_path: Path, said: dict[str, Any], why: str) -> None:
    with pytest.raises(PlantError, match=why):
        check(profile_of(tmp_path, own_rows(60, **said)), DeadLetters())


def test_a_log_that_will_do_passes(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, own_rows())
    assert check(profile, DeadLetters()) is profile


def test_what_is_not_tested_is_said(tmp_path: Path) -> None:
    blind = dict.fromkeys(("user_agent", "sdk", "header_hash", "ip", "output"), ...)
    profile = profile_of(tmp_path, own_rows(100, hours=12, **blind)[::-1])
    manifest = {"planted": {"exchanges": 50, "refused_left_out": 7}, "log": {"unreadable_rows": 3}}
    notes = " ".join(notes_on(profile, False, manifest))
    for word in (
        "11.9",
        "hours",
        "--accounts",
        "answers",
        "programs",
        "networks",
        "retries",
        "order",
        "few",
        "33%",
        "3 rows",
    ):
        assert word in notes


def test_a_good_week_has_no_notes(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, own_rows(900, 60, hours=190))
    assert notes_on(profile, True, MANIFEST) == ()
