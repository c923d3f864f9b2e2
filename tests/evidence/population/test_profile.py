"""A profile is the same bytes every time, reads back as itself, and a file that is none is told what it lacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.population.profile import (
    FILE,
    LOADS,
    UNKNOWN,
    WORKLOADS,
    ProfileError,
    from_json,
    profile_schema,
    read_profile,
    shipped_profile,
    to_json,
    write_profile,
)
from tests.evidence.population.makers import estimate, profile


@given(st.floats(-5, 5), st.floats(0.05, 3), st.floats(1, 1e6))
def test_what_was_written_reads_back_and_is_written_the_same(
    middle: float, spread: float, units: float
) -> None:
    text = to_json(profile(estimates={"x": estimate(middle=middle, spread=spread, units=units)}))
    assert to_json(from_json(text)) == text


def test_keys_are_sorted_and_the_text_ends_in_a_line_feed() -> None:
    text = to_json(profile(estimates={"b": estimate(), "a": estimate()}))
    assert text.index('"a"') < text.index('"b"')
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 99}, "version: expected 1, found 99"),
        ({"accounts": "many"}, "accounts"),
        ({"surprise": 1}, "surprise"),
        ({"estimates": {"x": {"scale": "log"}}}, "estimates.x"),
    ],
)
def test_a_file_that_is_no_profile_is_told_what_is_wrong_and_what_to_do(
    change: dict[str, object], told: str
) -> None:
    text = json.dumps(json.loads(to_json(profile())) | change)
    with pytest.raises(ProfileError, match="learn it anew") as raised:
        from_json(text, "some.json")
    assert told in str(raised.value)
    assert str(raised.value).startswith("some.json")


def test_a_profile_is_kept_in_the_state_folder(tmp_path: Path) -> None:
    assert read_profile(tmp_path) is None
    write_profile(tmp_path / "new" / FILE, profile())
    assert (
        read_profile(tmp_path / "new")
        == read_profile(tmp_path / "new" / FILE)
        == from_json(to_json(profile()))
    )
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE]


def test_the_schema_names_every_field() -> None:
    assert {"version", "estimates", "segments", "rates", "rhythm"} <= set(profile_schema()["properties"])


def test_the_careful_end_is_the_upper_one_and_the_unknown_is_wide() -> None:
    known = profile()
    assert known.careful(WORKLOADS, 1.0) == known.estimates[WORKLOADS].high > known.estimates[WORKLOADS].value
    assert known.careful("unknown", 4.0) == 4.0
    assert known.estimate("unknown") == UNKNOWN
    assert UNKNOWN.high > 1000


def test_the_shipped_profile_says_how_it_was_made_and_what_honest_accounts_are_like() -> None:
    shipped = shipped_profile()
    assert "benchmarks/fit_population.py --seeds" in shipped.source
    assert shipped.until == 0.0
    assert 1.0 < shipped.careful(LOADS, 0.0) < 4.0
    assert 20 < shipped.careful(WORKLOADS, 0.0) < 200
    assert len(shipped.segments) > 5
