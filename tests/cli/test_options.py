"""Options are read strictly, and their mistakes name the option."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.cli.options import input_options, instant, pairs


def test_pairs_become_a_mapping_and_values_keep_their_equals_signs() -> None:
    assert pairs(["a=b=c", "d=e"], "--set", "VALUE") == {"a": "b=c", "d": "e"}


@pytest.mark.parametrize("words", [["a"], ["=b"], ["a="], ["a=1", "a=2"]])
def test_a_pair_that_is_none_is_refused(words: list[str]) -> None:
    with pytest.raises(typer.BadParameter):
        pairs(words, "--set", "VALUE")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-02", datetime(2026, 11, 2, tzinfo=UTC)),
        ("2026-11-02T09:14:03Z", datetime(2026, 11, 2, 9, 14, 3, tzinfo=UTC)),
        ("2026-11-02T09:14:03+02:00", datetime(2026, 11, 2, 7, 14, 3, tzinfo=UTC)),
    ],
)
def test_times_are_instants_in_utc(text: str, moment: datetime) -> None:
    assert instant(text, "--since") == moment


def test_no_time_is_no_bound() -> None:
    assert instant(None, "--since") is None


@given(st.text(max_size=12))
def test_anything_else_is_refused_in_words(text: str) -> None:
    try:
        found = instant(text, "--since")
    except typer.BadParameter as error:
        assert "2026-11-02T09:14:03Z" in str(error)
    else:
        assert found is not None
        assert found.tzinfo is UTC


def test_options_that_were_not_given_set_nothing() -> None:
    assert all(value is None for _, value in input_options(None, None, None, None).values())
