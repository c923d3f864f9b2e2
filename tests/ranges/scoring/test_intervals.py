"""Intervals against published values and their definitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from stillwatch.ranges.scoring.intervals import (
    clopper_pearson,
    poisson_at_least,
    poisson_at_most,
    share_at_most,
)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0),
        (81, 263, 0.2527, 0.3676),  # Newcombe, Statistics in Medicine 17 (1998), table I
        (15, 148, 0.0578, 0.1617),  # the same
        (0, 20, 0.0, 0.1684),  # the same
        (1, 29, 0.0009, 0.1776),  # the same
    ],
)
def test_clopper_pearson_gives_the_published_values(hits: int, trials: int, low: float, high: float) -> None:
    assert clopper_pearson(hits, trials) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(
    ("events", "high"), [(0, 2.9957), (1, 4.7439), (2, 6.2958), (5, 10.5130), (10, 16.9622)]
)
def test_poisson_bounds_are_the_tables(events: int, high: float) -> None:
    assert poisson_at_most(events) == pytest.approx(high, abs=6e-5)


@pytest.mark.parametrize(("events", "low"), [(0, 0.0), (1, 0.0513), (2, 0.3554), (5, 1.9701), (10, 5.4254)])
def test_poisson_lower_bounds_are_the_tables(events: int, low: float) -> None:
    assert poisson_at_least(events) == pytest.approx(low, abs=6e-5)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_leave_exactly_the_tail(case: tuple[int, int]) -> None:
    hits, trials = case
    low, high = clopper_pearson(hits, trials)
    assert low <= hits / trials <= high
    if hits:
        assert binom.sf(hits - 1, trials, low) == pytest.approx(0.025)
    if hits < trials:
        assert binom.cdf(hits, trials, high) == pytest.approx(0.025)
        assert binom.cdf(hits, trials, share_at_most(hits, trials)) == pytest.approx(0.05)
    assert poisson.cdf(hits, poisson_at_most(hits)) == pytest.approx(0.05)


def test_nothing_seen_is_the_rule_of_three() -> None:
    assert share_at_most(0, 100_000) == pytest.approx(3 / 100_000, rel=0.01)
    assert share_at_most(0, 0) == 1.0
    assert clopper_pearson(0, 0) == (0.0, 1.0)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 3"):
        clopper_pearson(4, 3)
    with pytest.raises(ValueError, match="level"):
        poisson_at_most(1, 1.0)
    with pytest.raises(ValueError, match="count"):
        poisson_at_least(-1)
