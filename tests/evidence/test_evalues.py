"""Every e-value has mean at most one under its null, by summation; merging and error control keep laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom, poisson

from stillwatch.evidence.evalues import (
    CEILING,
    bernoulli_product,
    binomial_excess,
    clip,
    e_benjamini_hochberg,
    hedge,
    log10_of,
    mean_log10,
    per_family_cut,
    poisson_excess,
    product_log10,
)

ROUNDING = 1e-9
RATES = (1e-6, 0.001, 0.03, 0.2, 0.5, 0.9, 0.999)
MEANS = (0.01, 0.3, 1.0, 4.0, 20.0)

powers = st.floats(-30, 30)
several = st.lists(powers, min_size=1, max_size=12)


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


@given(several)
def test_the_mean_lies_between_the_least_and_the_greatest(parts: list[float]) -> None:
    assert min(parts) - ROUNDING <= mean_log10(parts) <= max(parts) + ROUNDING


@given(several, st.randoms(use_true_random=False))
def test_mean_and_product_forget_the_order(parts: list[float], random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert mean_log10(shuffled) == pytest.approx(mean_log10(parts))
    assert product_log10(shuffled) == pytest.approx(product_log10(parts), abs=1e-6)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8))
def test_mean_and_product_are_those_of_plain_numbers(parts: list[float]) -> None:
    plain = [10.0**p for p in parts]
    assert mean_log10(parts) == pytest.approx(math.log10(sum(plain) / len(plain)), abs=1e-9)
    assert product_log10(parts) == pytest.approx(math.log10(math.prod(plain)), abs=1e-9)


def test_nothing_merged_is_no_evidence() -> None:
    assert mean_log10([]) == product_log10([]) == 0.0


@given(st.floats(-300, 300), st.floats(0.001, 0.999))
def test_a_hedged_e_value_loses_no_more_than_its_stake(log10_e: float, weight: float) -> None:
    hedged = hedge(log10_e, weight)
    assert hedged >= math.log10(1 - weight) - ROUNDING
    assert hedged >= log10_e + math.log10(weight) - ROUNDING
    assert hedged <= max(log10_e, 0.0) + ROUNDING


@given(st.floats(-5, 5), st.floats(0.001, 0.999))
def test_a_hedge_is_the_mixture_with_one(log10_e: float, weight: float) -> None:
    assert 10 ** hedge(log10_e, weight) == pytest.approx(weight * 10**log10_e + 1 - weight)


@given(powers, st.floats(-10, 30))
def test_clipping_only_lowers(log10_e: float, ceiling: float) -> None:
    assert clip(log10_e, ceiling) <= min(log10_e, ceiling)
    assert clip(clip(log10_e, ceiling), ceiling) == clip(log10_e, ceiling)


def test_without_a_ceiling_of_its_own_a_claim_ends_at_the_common_one() -> None:
    assert clip(CEILING + 1) == CEILING


def test_the_logarithm_of_nothing_is_finite() -> None:
    assert math.isfinite(log10_of(0.0))
    assert log10_of(1000.0) == pytest.approx(3.0)


def rejected_by_definition(e: list[float], rate: float) -> list[bool]:
    """The definition: k-hat = max{k : e_(k) >= m/(rate k)}, and the k-hat largest are rejected."""
    m, ordered = len(e), sorted(e, reverse=True)
    k_hat = max((k for k in range(1, m + 1) if ordered[k - 1] >= m / (rate * k)), default=0)
    return [k_hat > 0 and value >= ordered[k_hat - 1] for value in e]


@given(st.lists(st.floats(0.01, 5000), min_size=1, max_size=30), st.sampled_from([0.01, 0.05, 0.2]))
def test_e_bh_rejects_what_the_published_definition_rejects(e: list[float], rate: float) -> None:
    rejected, _cut = e_benjamini_hochberg(np.log10(e), rate)
    assert rejected.tolist() == rejected_by_definition(e, rate)


def test_e_bh_by_hand() -> None:
    """At five hypotheses and 5 % the k largest need 100, 50, 33.3, 25, 20 each."""
    rejected, cut = e_benjamini_hochberg(np.log10([3.0, 26.0, 120.0, 30.0, 60.0]), 0.05)
    assert rejected.tolist() == [False, True, True, True, True]  # 30 misses its own 33.3, yet four hold 25
    assert cut == pytest.approx(math.log10(25))
    rejected, cut = e_benjamini_hochberg(np.log10([99.0, 49.0, 33.0, 24.0, 19.0]), 0.05)
    assert not rejected.any()
    assert cut == pytest.approx(math.log10(100))
    rejected, cut = e_benjamini_hochberg(np.log10([20.0] * 5), 0.05)
    assert rejected.all()
    assert cut == pytest.approx(math.log10(20))


def test_e_bh_of_nothing_rejects_nothing() -> None:
    rejected, cut = e_benjamini_hochberg(np.zeros(0), 0.05)
    assert rejected.shape == (0,)
    assert cut == pytest.approx(math.log10(20))


def test_proposals_that_say_nothing_make_a_rejection_dearer() -> None:
    one = np.array([2.0])
    assert e_benjamini_hochberg(one, 0.05)[0].all()
    assert not e_benjamini_hochberg(np.array([2.0, *[-np.inf] * 9]), 0.05)[0].any()


@given(st.data(), st.sampled_from([0.05, 0.2, 0.5]))
def test_e_bh_holds_its_rate_under_every_dependence(data: st.DataObject, rate: float) -> None:
    """Exact: a finite world of outcomes, each with its chance, in which every null e-value has mean one."""
    outcomes, m = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 8))
    nulls = data.draw(st.integers(1, m))
    chance = data.draw(arrays(float, outcomes, elements=st.floats(0.001, 1.0)))
    chance /= chance.sum()
    e = data.draw(arrays(float, (outcomes, m), elements=st.sampled_from([0.0, 0.1, 1.0, 7.0, 100.0, 1e6])))
    means = chance @ e[:, :nulls]
    e[:, :nulls] /= np.where(means > 0, means, 1.0)
    assert false_discovery_rate(chance, e, nulls, rate) <= rate * nulls / m + ROUNDING


def false_discovery_rate(chance: np.ndarray, e: np.ndarray, nulls: int, rate: float) -> float:
    """Return the expected share of nulls (the first columns) among the rejected."""
    total = 0.0
    for probability, row in zip(chance, e, strict=True):
        with np.errstate(divide="ignore"):
            rejected, _cut = e_benjamini_hochberg(np.log10(row), rate)
        total += probability * rejected[:nulls].sum() / max(rejected.sum(), 1)
    return total


def test_nulls_that_are_all_one_e_value_reach_the_rate_and_no_more() -> None:
    rate, m = 0.05, 40
    e = np.array([[1 / rate] * m, [0.0] * m])
    assert false_discovery_rate(np.array([rate, 1 - rate]), e, m, rate) == pytest.approx(rate)


def test_nulls_that_exclude_each_other_reach_the_rate_and_no_more() -> None:
    rate, m = 0.05, 40
    e = np.vstack([np.eye(m) * m / rate, np.zeros((1, m))])
    chance = np.array([rate / m] * m + [1 - rate])
    assert false_discovery_rate(chance, e, m, rate) == pytest.approx(rate)


@pytest.mark.parametrize("correlation", (0.0, 0.6, 0.99))
def test_e_bh_holds_its_rate_on_correlated_likelihood_ratios_beside_true_findings(correlation: float) -> None:
    random, rate, m, nulls, runs, shift = np.random.default_rng(7), 0.1, 50, 40, 4000, 3.0
    shared = random.standard_normal((runs, 1))
    x = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * random.standard_normal((runs, m))
    x[:, nulls:] += shift + 2.0
    log10_e = (shift * x - shift**2 / 2) / math.log(10.0)
    shares = []
    for row in log10_e:
        rejected, _cut = e_benjamini_hochberg(row, rate)
        shares.append(rejected[:nulls].sum() / max(rejected.sum(), 1))
    assert np.mean(shares) + 3 * np.std(shares) / math.sqrt(runs) <= rate


@given(st.integers(1, 1_000_000), st.floats(0.01, 100))
def test_a_per_family_cut_keeps_the_expected_number_of_wrong_ones(examined: int, wrong: float) -> None:
    """Markov: each of `examined` honest accounts passes with chance 10^-cut at most."""
    expected = examined * 10 ** -per_family_cut(examined, wrong)
    assert expected <= wrong * (1 + 1e-9)


def test_a_per_family_cut_by_hand() -> None:
    assert per_family_cut(1_000_000, 1.0) == pytest.approx(6.0)
    assert per_family_cut(10, 100.0) == 0.0
    assert per_family_cut(0, 1.0) == 0.0
    with pytest.raises(ValueError, match="positive"):
        per_family_cut(10, 0.0)
