"""Numbers, spans and names in plain English."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.model import CONFIDENCES, VERDICTS, Action
from stillwatch.report import words


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0"),
        (9999, "9,999"),
        (10_000, "10 k"),
        (2_310_456, "2.31 M"),
        (1_100_000_000, "1.1 B"),
        (10**13, "10 T"),
    ],
)
def test_counts_are_shortened_to_three_figures(n: int, said: str) -> None:
    assert words.short_count(n) == said


@pytest.mark.parametrize(
    ("log10_e", "said"),
    [
        (-1.0, "no more than chance would give"),
        (0.3, "at most once in 1"),
        (2.9, "at most once in 790"),
        (7.3, "at most once in 19 million"),
        (9.5, "at most once in 3 billion"),
        (14.0, "at most once in 100 trillion"),
        (31.7, "at most once in 10^31"),
        (1e6, "never"),
    ],
)
def test_rarity_never_promises_more_than_markov(log10_e: float, said: str) -> None:
    assert words.rarity(log10_e) == said


@given(st.floats(0, 1))
def test_a_share_is_never_rounded_to_nothing_or_to_all(share: float) -> None:
    said = words.percent(share)
    assert (said == "0 %") == (share == 0)
    assert (said == "100 %") == (share == 1)


@given(st.floats(-1e4, 1e4))
def test_weights_carry_a_true_minus_and_no_sign_at_zero(log10_e: float) -> None:
    said = words.signed(log10_e)
    assert "-" not in said
    assert float(said.replace("−", "-")) == pytest.approx(log10_e, abs=0.0501)
    assert said not in {"+0.0", "−0.0"}


@given(st.text(max_size=80), st.integers(4, 40))
def test_shortened_text_keeps_both_ends_within_the_width(text: str, width: int) -> None:
    short = words.shortened(text, width)
    assert len(short) <= width
    assert short == text or (short[0] == text[0] and short[-1] == text[-1])


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])))
def test_times_are_written_in_utc_and_read_back_the_same(moment: datetime) -> None:
    written = words.rfc3339(moment)
    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == moment


def test_spans_of_time_are_as_short_as_unambiguous() -> None:
    start = datetime(2026, 11, 2, 9, 14, tzinfo=UTC)
    assert words.between(start, start + timedelta(hours=2)) == "2 Nov 2026, 09:14–11:14 UTC"
    assert words.between(start, start + timedelta(days=2)) == "2–4 Nov 2026"
    assert words.between(start, start + timedelta(days=40)) == "2 Nov – 12 Dec 2026"
    assert words.between(start, start + timedelta(days=60)) == "2 Nov 2026 – 1 Jan 2027"
    lengths = [timedelta(hours=1), timedelta(hours=26), timedelta(days=1), timedelta(minutes=5)]
    assert [words.span(x) for x in lengths] == ["1 hour", "26 hours", "1 day", "5 minutes"]


def test_odds_and_lists() -> None:
    assert [words.one_in(x) for x in (0.05, 0.3, 0.0)] == ["1 in 20", "1 in 3.3", "none"]
    assert [words.listed(x) for x in ([], ["a"], ["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert words.capability(None) == "Not classified"
    assert words.capability("new_slug") == "New slug"


def test_every_verdict_confidence_and_action_has_its_words() -> None:
    for table in (words.VERDICT_TITLE, words.VERDICT_MEANING, words.LEFT_READING):
        assert set(table) == set(VERDICTS)
    assert tuple(words.CONFIDENCE_TITLE) == CONFIDENCES == tuple(step for step, _ in words.CONFIDENCE_STEPS)
    assert set(words.ACTION_TITLE) == set(get_args(Action))
