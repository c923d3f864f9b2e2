"""Prefix ends: dense where campaigns are young, the whole log at the end."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.trials.leak_times import by_clock, by_growth, instant, milestones

TIMES = st.lists(st.integers(0, 10**12), min_size=1, max_size=400)


def test_milestones_grow_geometrically() -> None:
    assert list(milestones(4000)) == [100, 200, 400, 1000, 2000, 4000]
    assert list(milestones(99)) == []


@given(st.dictionaries(st.sampled_from("abc"), TIMES, min_size=1), st.integers(1, 20))
def test_ends_ascend_are_few_enough_and_end_with_the_log(times: dict[str, list[int]], steps: int) -> None:
    last = max(map(max, times.values()))
    ends = by_growth({name: np.array(each) for name, each in times.items()}, last, steps)
    assert ends == sorted(set(ends))
    assert len(ends) <= steps
    assert ends[-1] == last + 1


def test_an_end_includes_the_exchange_it_is_named_after() -> None:
    times = np.arange(1000) * 10
    ends = by_growth({"a": times}, 20_000, 12)
    assert [(times < end).sum() for end in ends] == [100, 200, 400, 1000, 1000]


def test_thinning_keeps_the_first_and_spreads_over_the_rest() -> None:
    ends = by_growth({"a": np.arange(100_000)}, 200_000, 4)
    assert ends[0] == 100 and len(ends) == 4


@given(st.integers(0, 10**9), st.integers(1, 10**11), st.floats(0.5, 10))
def test_by_the_clock_steps_are_even(first: int, span: int, hours: float) -> None:
    ends = by_clock(first, first + span, hours)
    assert ends[-1] == first + span + 1
    assert all(b - a <= round(hours * 3.6e9) for a, b in itertools.pairwise([first, *ends[:-1]]))
    assert ends == sorted(set(ends))


def test_impossible_steps_are_told() -> None:
    with pytest.raises(ValueError, match="steps"):
        by_growth({"a": np.arange(3)}, 3, 0)
    with pytest.raises(ValueError, match="hours"):
        by_clock(0, 10, 0.0)


def test_an_instant_is_exact() -> None:
    assert instant(1_780_272_000_000_001).isoformat() == "2026-06-01T00:00:00.000001+00:00"
