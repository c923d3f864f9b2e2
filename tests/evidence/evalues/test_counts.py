"""E-values of counts have mean at most one under their nulls, by summation."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, nbinom, poisson

from stillwatch.evidence.evalues.counts import (
    bernoulli_product,
    bernoulli_ratio,
    binomial_excess,
    overdispersed_excess_of,
    poisson_excess,
    poisson_excess_of,
)

ROUNDING = 1e-9
RATES = (1e-6, 0.001, 0.03, 0.2, 0.5, 0.9, 0.999)
MEANS = (0.01, 0.3, 1.0, 4.0, 20.0)


def poisson_mean(e: Callable[[int, float], float], true: float, stated: float, most: int) -> float:
    """Return E[e(K, stated)] for K ~ Poisson(true), summed in logarithms over counts below `most`."""
    k = np.arange(most)
    logs = np.array([e(int(x), stated) for x in k]) * math.log(10.0)
    return float(np.exp(poisson.logpmf(k, true) + logs).sum())


def binomial_mean(n: int, true: float, stated: float) -> float:
    """Return E[binomial_excess(K, n, stated)] for K ~ Binomial(n, true)."""
    k = np.arange(n + 1)
    logs = np.array([binomial_excess(int(x), n, stated) for x in k]) * math.log(10.0)
    return float(np.exp(binom.logpmf(k, n, true) + logs).sum())


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("n", (0, 1, 2, 7, 60))
def test_binomial_excess_has_mean_one_at_its_null_rate(n: int, rate: float) -> None:
    assert binomial_mean(n, rate, rate) == pytest.approx(1.0, abs=1e-6)


@given(n=st.integers(1, 40), stated=st.floats(0.001, 0.999), share=st.floats(0.01, 1.0))
def test_binomial_excess_has_mean_at_most_one_below_its_null_rate(
    n: int, stated: float, share: float
) -> None:
    assert binomial_mean(n, stated * share, stated) <= 1 + 1e-6


@given(n=st.integers(1, 200), rate=st.floats(1e-9, 0.999))
def test_binomial_excess_grows_with_every_success(n: int, rate: float) -> None:
    values = [binomial_excess(k, n, rate) for k in range(n + 1)]
    assert all(b >= a - ROUNDING for a, b in pairwise(values))


@given(n=st.integers(1, 10_000_000), rate=st.floats(1e-9, 0.999))
def test_binomial_excess_is_not_fooled_by_underflow(n: int, rate: float) -> None:
    fewest = binomial_excess(0, n, rate)
    assert -math.log10(n + 1) - ROUNDING <= fewest <= 0.0
    assert math.isfinite(binomial_excess(n, n, rate))


@pytest.mark.parametrize("rate", (0.0, 1.0, -0.1, 1.5))
def test_binomial_excess_refuses_a_rate_that_is_none(rate: float) -> None:
    with pytest.raises(ValueError, match="null rate"):
        binomial_excess(1, 2, rate)


@pytest.mark.parametrize("mean", (0.01, 0.3, 1.0))
def test_poisson_excess_has_mean_one_at_its_null_mean(mean: float) -> None:
    # its largest factor puts a share of the sum at ten thousand times the mean
    assert poisson_mean(poisson_excess, mean, mean, int(10_500 * mean) + 100) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("stated", MEANS)
@pytest.mark.parametrize("share", (0.1, 0.5, 0.9))
def test_poisson_excess_has_mean_at_most_one_below_its_null_mean(stated: float, share: float) -> None:
    assert poisson_mean(poisson_excess, stated * share, stated, int(stated * 150) + 400) <= 1 + 1e-6


@pytest.mark.parametrize("mean", (0.0, -1.0))
def test_poisson_excess_refuses_a_mean_that_is_none(mean: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        poisson_excess(1, mean)


@given(mean=st.floats(0.01, 1000), k=st.integers(0, 1000))
def test_counts_speak_for_excess_as_they_rise(mean: float, k: int) -> None:
    assert poisson_excess(k + 1, mean) >= poisson_excess(k, mean)


@given(
    n=st.integers(0, 40), null=st.floats(0.05, 0.5), lift=st.floats(0.05, 0.45), share=st.floats(0.01, 1.0)
)
def test_a_bernoulli_ratio_has_mean_one_at_its_null_and_less_below(
    n: int, null: float, lift: float, share: float
) -> None:
    k = np.arange(n + 1)
    e = 10.0 ** np.array([bernoulli_product(int(x), n, null, null + lift) for x in k])
    assert float(binom.pmf(k, n, null) @ e) == pytest.approx(1.0)
    assert float(binom.pmf(k, n, null * share) @ e) <= 1 + 1e-6


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0.001, 300)), min_size=1, max_size=20))
def test_many_counts_at_once_are_weighed_as_one_by_one(cases: list[tuple[int, float]]) -> None:
    counts, means = np.array([k for k, _mean in cases]), np.array([mean for _k, mean in cases])
    assert poisson_excess_of(counts, means).tolist() == [poisson_excess(k, mean) for k, mean in cases]


def test_a_poisson_excess_by_hand() -> None:
    """Three where a tenth is expected: the mean of f^3 exp(-(f - 1)/10) over the factors."""
    plain = [f**3 * math.exp(-(f - 1) / 10) for f in (2, 4, 10, 30, 100, 1_000, 10_000)]
    assert 10 ** poisson_excess(3, 0.1) == pytest.approx(sum(plain) / 7)


@given(null=st.floats(0.001, 0.99), other=st.floats(0.001, 0.99), share=st.floats(0.0, 1.0))
def test_one_observation_has_mean_one_at_most_up_to_its_null_rate(
    null: float, other: float, share: float
) -> None:
    hit, miss = 10.0 ** bernoulli_ratio(np.array([True, False]), null, other)
    assert share * null * hit + (1 - share * null) * miss <= 1 + ROUNDING
    assert miss <= 1 + ROUNDING <= hit + 2 * ROUNDING


@pytest.mark.parametrize(("null", "other"), [(0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0)])
def test_one_observation_needs_rates_that_are_some(null: float, other: float) -> None:
    with pytest.raises(ValueError, match="rates"):
        bernoulli_ratio(np.array([True]), null, other)


def overdispersed_mean(true: float, shape: float, stated: float, stated_shape: float) -> float:
    """Return E[e(K)] for a gamma-Poisson K, summed far into its tail."""
    k = np.arange(4_000)
    logs = overdispersed_excess_of(k, stated, stated_shape) * math.log(10.0)
    return float(np.exp(nbinom.logpmf(k, shape, shape / (shape + true)) + logs).sum())


@pytest.mark.parametrize("shape", (0.5, 1.0, 3.0))
@pytest.mark.parametrize("mean", (0.05, 0.25, 1.0))
def test_an_overdispersed_excess_has_mean_one_at_most_on_its_null(mean: float, shape: float) -> None:
    here = overdispersed_mean(mean, shape, mean, shape)
    assert 0.5 < here <= 1 + 1e-6  # the largest factors put their share beyond any sum
    assert overdispersed_mean(mean / 3, shape, mean, shape) <= here
    assert overdispersed_mean(mean, 4 * shape, mean, shape) <= here


@given(k=st.integers(0, 300), mean=st.floats(0.01, 50), shape=st.floats(0.1, 20))
def test_an_overdispersed_excess_grows_with_the_count_and_is_more_careful_than_a_poisson_one(
    k: int, mean: float, shape: float
) -> None:
    here = float(overdispersed_excess_of(k, mean, shape))
    assert overdispersed_excess_of(k + 1, mean, shape) >= here
    if k > 100 * mean:
        assert here <= poisson_excess(k, mean) + ROUNDING


@pytest.mark.parametrize(("mean", "shape"), [(0.0, 1.0), (1.0, 0.0)])
def test_an_overdispersed_excess_refuses_what_is_no_null(mean: float, shape: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        overdispersed_excess_of(1, mean, shape)
