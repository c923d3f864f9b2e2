"""Loose values become the type of their column, or one clear error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.convert import (
    BadValueError,
    clean,
    shown,
    to_bool,
    to_float,
    to_int,
    to_label,
    to_text,
    to_time,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
COLUMNS = {
    to_text: pa.string(),
    to_label: pa.string(),
    to_float: pa.float64(),
    to_int: pa.int64(),
    to_bool: pa.bool_(),
    to_time: pa.timestamp("us", "UTC"),
}


@given(anything, st.sampled_from(list(COLUMNS)))
def test_whatever_is_accepted_arrow_takes(value, convert):
    try:
        found = convert(value)
    except BadValueError as error:
        assert "expected" in str(error)
        return
    pa.array([found], COLUMNS[convert]).validate(full=True)


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_is_unicode_and_sound_text_is_unchanged(text):
    cleaned = clean(text)
    cleaned.encode("utf-8")
    if not any("\ud800" <= c <= "\udfff" for c in text):
        assert cleaned == text


def test_a_split_emoji_is_joined_and_half_of_one_replaced():
    assert clean("\ud83d\ude00") == "😀"
    assert clean("a\ud83d") == "a�"


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)), st.integers(-23 * 60, 23 * 60))
def test_every_rfc_3339_time_is_read_to_the_microsecond(naive, minutes):
    instant = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert to_time(instant.isoformat()) == instant
    assert to_time(instant.isoformat(" ")).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        (1793620800, datetime(2026, 11, 2, 12, tzinfo=UTC)),
        (1793620800.123456, datetime(2026, 11, 2, 12, 0, 0, 123456, UTC)),
        ("2026-11-02T12:00:00.123456789Z", datetime(2026, 11, 2, 12, 0, 0, 123456, UTC)),
        ("2026-11-02t12:00:00z", datetime(2026, 11, 2, 12, tzinfo=UTC)),
    ],
)
def test_times_in_other_writing(value, instant):
    assert to_time(value) == instant


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("2026-11-02T12:00:00", "append Z"),
        ("2026-11-02", "append Z"),
        ("yesterday", "--map time=PATH"),
        (1793620800000, "divide by 1000"),
        ("2026-02-30T12:00:00Z", "that exists"),
        (datetime(2026, 11, 2), "cast the column to UTC"),
        (-1, "between 1970 and 2100"),
        (True, "expected a time"),
    ],
)
def test_a_time_that_is_no_instant_is_refused_with_what_to_do(value, fix):
    with pytest.raises(BadValueError, match=fix):
        to_time(value)


@pytest.mark.parametrize("value", ["", "unknown", "Unknown", None])
def test_a_missing_label_is_none(value):
    assert to_label(value) is None


def test_unknown_is_a_word_in_text_but_no_identifier():
    assert to_text("unknown") == "unknown"
    assert to_text("") is None


@pytest.mark.parametrize(
    ("convert", "value", "expected"),
    [
        (to_int, "12", 12),
        (to_int, 12.0, 12),
        (to_float, "1.5", 1.5),
        (to_float, float("nan"), None),
        (to_label, 17, "17"),
        (to_bool, "True", True),
    ],
)
def test_what_loses_nothing_is_accepted(convert, value, expected):
    assert convert(value) == expected


@pytest.mark.parametrize(
    ("convert", "value"),
    [
        (to_int, 1.5),
        (to_int, True),
        (to_int, 2**63),
        (to_int, -9.223372036854776e18),  # what a JSON parser makes of -2**63 - 1
        (to_int, "x"),
        (to_float, float("inf")),
        (to_float, 10**400),
        (to_label, 1.5),
        (to_label, True),
        (to_bool, 1),
        (to_text, ["x"]),
    ],
)
def test_what_would_lose_something_is_refused(convert, value):
    with pytest.raises(BadValueError, match="expected"):
        convert(value)


def test_long_values_are_shown_short():
    assert len(shown("x" * 1000)) == 60
