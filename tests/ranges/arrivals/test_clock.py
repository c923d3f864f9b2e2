"""Arrivals: exact counts in order and in bounds; gaps as variable as asked; hours by the week."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.ranges.arrivals.clock import (
    api_rhythms,
    arrivals,
    gamma_shape,
    heavy_tail,
    quantile,
    rhythm,
    sessions,
    shapes,
    think_times,
    weibull_cv,
    weibull_shape,
)
from stillwatch.ranges.arrivals.held_out import variation_of_gaps
from stillwatch.ranges.arrivals.rhythms import load_rhythms
from stillwatch.ranges.arrivals.tables import table
from tests.ranges.arrivals.makers import sampled


@settings(deadline=None, max_examples=60)
@given(
    counts=st.lists(st.integers(0, 30), max_size=12),
    days=st.sampled_from([0.001, 0.05, 1.0, 2.3, 14.0]),
    shape=st.sampled_from([0.02, 0.3, 1.0, 9.0]),
    family=st.integers(0, 1),
    zone=st.sampled_from([-11.0, 0.0, 5.5, 14.0]),
    seed=st.integers(0, 5),
)
def test_exactly_so_many_come_in_order_and_within_the_range(
    counts: list[int], days: float, shape: float, family: int, zone: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    n = len(counts)
    weeks = rng.integers(0, len(load_rhythms().names), n).astype(np.int32)
    owner, at = arrivals(
        rng, np.array(counts, np.int64), days, weeks, np.full(n, shape), np.full(n, family, np.int8),
        np.full(n, zone),
    )  # fmt: skip
    assert np.bincount(owner, minlength=n).tolist() == counts
    assert ((at >= 0) & (at < days * 86_400)).all()
    assert np.array_equal(np.lexsort((at, owner)), np.arange(at.size))


def test_the_same_seed_gives_the_same_instants_and_another_others() -> None:
    one, again, other = (sampled([50] * 9, week="home", modulation=True, seed=s)[1] for s in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("cv", [0.3, 1.0, 1.8])
@pytest.mark.parametrize("family", [0, 1])
def test_gaps_vary_as_the_shape_says(cv: float, family: int) -> None:
    of = gamma_shape if family == 0 else weibull_shape
    shape = float(of(np.array([cv]))[0])
    owner, at = sampled([3_000] * 40, shape=shape, family=family)
    assert variation_of_gaps(owner, at, 40).mean() == pytest.approx(cv, rel=0.05)


@pytest.mark.parametrize("week", ["home", "office", "night", "api-constant-1"])
def test_hours_of_the_week_come_as_the_profile_says(week: str) -> None:
    _, at = sampled([100_000] * 5, days=28.0, week=week)
    found = np.bincount((at / 3600).astype(int) % 168, minlength=168) / at.size * 168
    expected = load_rhythms().week[rhythm(week)]
    assert np.abs(found - expected).max() < 0.05 + 0.1 * expected.max()
    assert np.corrcoef(found, expected)[0, 1] > 0.98


def test_the_zone_moves_the_week() -> None:
    _, at = sampled([50_000], week="office", zone=8.0)
    utc = np.bincount((at / 3600).astype(int) % 24, minlength=24)
    local = load_rhythms().week[rhythm("office")][:24]
    assert int(np.argmax(np.roll(utc, 8))) in np.flatnonzero(local > 0.8 * local.max())


def test_wavering_makes_counts_clump_beyond_poisson() -> None:
    def fano(modulation: bool) -> float:
        owner, at = sampled([2_000] * 50, week="api-steady-1", modulation=modulation)
        counts = np.bincount(owner * 1008 + (at / 600).astype(int), minlength=50 * 1008).reshape(50, -1)
        return float(np.median(counts.var(axis=1) / counts.mean(axis=1)))

    assert fano(False) < 1.3 < 1.5 < fano(True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"days": 0.0}, "days"),
        ({"counts": [-1]}, "counts"),
        ({"shape": 0.0}, "shape"),
    ],
)
def test_what_cannot_be_sampled_is_told(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        sampled(**({"counts": [3]} | change))  # type: ignore[arg-type]


def test_a_rhythm_that_does_not_exist_is_told() -> None:
    one = np.ones(1)
    with pytest.raises(ValueError, match="rhythm"):
        arrivals(
            np.random.default_rng(1), np.array([1]), 1.0, np.array([999], np.int32), one,
            np.zeros(1, np.int8), one,
        )  # fmt: skip


@given(st.floats(0.2, 20.0))
def test_weibull_shapes_have_the_variation_they_were_asked_for(cv: float) -> None:
    assert weibull_cv(weibull_shape(np.array([cv])))[0] == pytest.approx(cv, rel=0.01)


def test_burstiness_is_drawn_in_the_fitted_shares() -> None:
    shape, family = shapes(np.random.default_rng(1), 20_000)
    assert (family == 0).mean() == pytest.approx(table("burstiness")["gaps"]["gamma_share"], abs=0.02)
    assert (shape > 0).all()
    assert np.median(shape[family == 0]) == pytest.approx(1.0, abs=0.3)


def test_a_quantile_table_is_met_in_its_middles() -> None:
    assert quantile([1.0, 2.0, 4.0], np.array([0.0, 1 / 6, 0.5, 0.99])).tolist() == [1.0, 1.0, 2.0, 4.0]


@given(st.integers(0, 200), st.integers(0, 10_000), st.floats(0.5, 3.0), st.integers(0, 9))
def test_shares_sum_exactly_and_leave_nobody_out(accounts: int, total: int, tail: float, seed: int) -> None:
    counts = heavy_tail(np.random.default_rng(seed), accounts, total, tail)
    assert counts.size == accounts
    assert counts.sum() == (max(total, accounts) if accounts else 0)
    assert (counts >= 1).all()


def test_a_smaller_tail_index_is_less_even() -> None:
    top = [heavy_tail(np.random.default_rng(2), 1_000, 10**6, tail).max() for tail in (0.6, 1.2, 3.0)]
    assert top == sorted(top, reverse=True)
    with pytest.raises(ValueError, match="tail"):
        heavy_tail(np.random.default_rng(2), 3, 10, 0.0)


@given(st.lists(st.integers(0, 60), max_size=15), st.floats(1.0, 30.0), st.integers(1, 40), st.integers(0, 9))
def test_conversations_use_up_the_counts_and_none_is_too_long(
    counts: list[int], mean: float, most: int, seed: int
) -> None:
    lengths, owner = sessions(np.random.default_rng(seed), np.array(counts, np.int64), mean, most)
    assert np.bincount(owner, lengths, len(counts)).tolist() == counts
    assert ((lengths >= 1) & (lengths <= most)).all()
    assert (np.diff(owner) >= 0).all()


def test_conversations_have_the_mean_they_were_asked_for() -> None:
    lengths, _ = sessions(np.random.default_rng(1), np.array([200_000]), 5.0, 1_000)
    assert lengths.mean() == pytest.approx(5.0, rel=0.03)
    with pytest.raises(ValueError, match="mean"):
        sessions(np.random.default_rng(1), np.array([3]), 0.5, 4)


def test_people_pause_a_minute_or_three() -> None:
    pauses = think_times(np.random.default_rng(1), 20_000)
    assert 60 < np.median(pauses) < 240
    assert (pauses > 0).all()


def test_api_weeks_have_shares_that_sum_to_one() -> None:
    index, weight = api_rhythms()
    assert weight.sum() == pytest.approx(1.0)
    assert all(load_rhythms().names[i].startswith("api-") for i in index)
