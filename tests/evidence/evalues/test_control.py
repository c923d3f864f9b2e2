"""Error control holds its rates, exactly in finite worlds and by simulation, under every dependence."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stillwatch.evidence.evalues.control import (
    boost_factor,
    closed_e_bh,
    discrete_tail,
    e_benjamini_hochberg,
    lognormal_tail,
    per_family_cut,
    weighted_e_bh,
)

ROUNDING = 1e-9


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


def test_every_group_an_account_is_weighed_for_is_paid_for() -> None:
    assert per_family_cut(1_000, 0.1, choices=10.0) == pytest.approx(5.0)
    assert per_family_cut(1_000, 0.1, choices=0.2) == pytest.approx(4.0)


@given(st.lists(st.floats(-5, 8), min_size=1, max_size=20), st.data())
def test_equal_weights_change_nothing_and_weights_are_kept(e: list[float], data: st.DataObject) -> None:
    log10_e = np.array(e)
    plain, cut = e_benjamini_hochberg(log10_e, 0.1)
    weighted, same = weighted_e_bh(log10_e, np.ones(len(e)), 0.1)
    assert plain.tolist() == weighted.tolist()
    assert cut == same
    weights = data.draw(arrays(float, len(e), elements=st.floats(0, 1)))
    rejected, _cut = weighted_e_bh(log10_e, weights, 0.1)
    assert not rejected[weights == 0].any()


def test_weights_that_add_up_to_more_are_refused() -> None:
    for weights in ([2.0, 0.5], [-1.0, 1.0], [1.0]):
        with pytest.raises(ValueError, match="weights"):
            weighted_e_bh(np.zeros(2), weights, 0.1)


@pytest.mark.parametrize("weights", ([1.9, 0.05, 0.05], [0.0, 3.0, 0.0], [1.0, 1.0, 1.0]))
def test_weighted_nulls_that_exclude_each_other_stay_below_the_rate(weights: list[float]) -> None:
    rate, m = 0.1, 3
    share = np.array(weights)
    e = np.vstack([np.diag(m / rate / np.maximum(share, 1e-3)), np.zeros((1, m))])
    chance = np.array([*(rate / m * np.maximum(share, 1e-3)), 0.0])
    chance[-1] = 1 - chance.sum()
    wrong = sum(
        p * weighted_e_bh(np.log10(np.maximum(row, 1e-300)), share, rate)[0].any()
        for p, row in zip(chance, e, strict=True)
    )
    assert wrong <= rate + 1e-3


@pytest.mark.parametrize(("dependent", "published"), [(False, 1.37), (True, 7.88)])
def test_boosting_reaches_the_published_factors(dependent: bool, published: float) -> None:
    """Wang & Ramdas 2022, section 4.2: likelihood ratios of normals three apart, at 5 %, many hypotheses."""
    factor = 10 ** boost_factor(lognormal_tail(3.0), 0.05, 100_000, positively_dependent=dependent)
    assert factor == pytest.approx(published, abs=0.01)


@given(st.data(), st.sampled_from([0.05, 0.2]), st.integers(1, 12))
def test_a_boosted_null_spends_the_rate_and_no_more(data: st.DataObject, rate: float, m: int) -> None:
    """By the definition: E[T(rate b e)] <= rate, T(x) the largest m/k that is at most x."""
    values = data.draw(arrays(float, 6, elements=st.sampled_from([0.01, 0.5, 1.0, 3.0, 40.0, 900.0])))
    chance = data.draw(arrays(float, 6, elements=st.floats(0.01, 1.0)))
    chance /= chance.sum()
    values = values / (chance @ values)
    b = 10 ** boost_factor(discrete_tail(np.log10(values), chance), rate, m)
    boosted = rate * b * values * (1 - 1e-9)
    kept = [max((m / k for k in range(1, m + 1) if m / k <= x), default=0.0) for x in boosted]
    assert b >= 1 - ROUNDING
    assert chance @ np.array(kept) <= rate * (1 + 1e-9)


def test_boosted_nulls_hold_the_rate_whatever_the_dependence() -> None:
    """One common draw, all of its own, and pairs that move against each other."""
    rate, m, runs, random = 0.1, 20, 3000, np.random.default_rng(3)
    boost = boost_factor(lognormal_tail(2.0), rate, m)
    common, own = random.standard_normal((runs, 1)), random.standard_normal((runs, m))
    against = np.concatenate([own[:, : m // 2], -own[:, : m // 2]], axis=1)
    for x in (np.repeat(common, m, axis=1), own, against):
        log10_e = (2.0 * x - 2.0) / math.log(10) + boost
        wrong = np.array([e_benjamini_hochberg(row, rate)[0].any() for row in log10_e])
        assert wrong.mean() <= rate + 3 * math.sqrt(rate / runs)


def closure_by_definition(e: list[float], rate: float) -> int:
    """The definition, over all sets: the largest top set R with mean(e over S) >= |R and S|/(rate |R|) for all S."""
    order = sorted(range(len(e)), key=lambda i: -e[i])
    sets = [set(s) for size in range(1, len(e) + 1) for s in combinations(range(len(e)), size)]
    for size in range(len(e), 0, -1):
        top = set(order[:size])
        if all(sum(e[i] for i in s) / len(s) * rate * size >= len(top & s) * (1 - 1e-9) for s in sets):
            return size
    return 0


@given(st.lists(st.floats(0.0, 90.0), min_size=1, max_size=7), st.sampled_from([0.05, 0.2]))
def test_the_closure_rejects_what_its_definition_over_all_sets_rejects(e: list[float], rate: float) -> None:
    with np.errstate(divide="ignore"):
        rejected = closed_e_bh(np.log10(e), rate)
        plain, _cut = e_benjamini_hochberg(np.log10(e), rate)
    assert rejected.sum() == closure_by_definition(e, rate)
    assert not (plain & ~rejected).any()


def test_the_closure_can_reject_more_than_e_bh() -> None:
    """At 5 % e-BH asks 40 of one and 20 of both. The closure asks a mean of 20 of both and 10 of the lesser."""
    for e, expected in (
        ([39.0, 9.0], [True, False]),
        ([35.0, 11.0], [True, True]),
        ([30.0, 9.0], [False] * 2),
    ):
        assert not e_benjamini_hochberg(np.log10(e), 0.05)[0].any()
        assert closed_e_bh(np.log10(e), 0.05).tolist() == expected
    assert closed_e_bh(np.zeros(0), 0.05).tolist() == []


@pytest.mark.parametrize("rule", [lambda x: e_benjamini_hochberg(x, 0.1)[0], lambda x: closed_e_bh(x, 0.1)])
def test_nothing_overflows_and_more_evidence_never_takes_a_rejection_back(
    rule: Callable[[np.ndarray], np.ndarray],
) -> None:
    log10_e = np.array([1e4, -1e4, 2.5, 1.4, -np.inf])
    before = rule(log10_e)
    for at in range(5):
        raised = log10_e.copy()
        raised[at] = 1e4
        assert (rule(raised) >= before).all()
    assert rule(log10_e[::-1]).tolist() == before[::-1].tolist()


def all_or_nothing(random: np.random.Generator, m: int, level: float) -> np.ndarray:
    """Nulls that are all `level` together with chance 1/level, else nothing: the worst case of Markov's bound."""
    return np.full(m, math.log10(level) if random.random() < 1 / level else -math.inf)


@pytest.mark.parametrize("rule", [lambda x, r: e_benjamini_hochberg(x, r)[0], closed_e_bh])
@pytest.mark.parametrize("nulls", ["independent", "common", "all_or_nothing"])
def test_false_discoveries_stay_within_the_rate_beside_true_ones(
    rule: Callable[[np.ndarray, float], np.ndarray], nulls: str
) -> None:
    rate, m, null_count, runs, random = 0.1, 20, 15, 1500, np.random.default_rng(11)
    shares = []
    for _run in range(runs):
        if nulls == "all_or_nothing":
            null = all_or_nothing(random, null_count, m / (rate * m))
        else:
            z = random.standard_normal(1 if nulls == "common" else null_count) * np.ones(null_count)
            null = (2.5 * z - 2.5**2 / 2) / math.log(10)
        true = (2.5 * (random.standard_normal(m - null_count) + 2.5) - 2.5**2 / 2) / math.log(10)
        rejected = rule(np.concatenate([null, true]), rate)
        shares.append(rejected[:null_count].sum() / max(rejected.sum(), 1))
    assert np.mean(shares) <= rate + 3 * np.std(shares) / math.sqrt(runs)


def test_wrong_accounts_stay_within_the_dial_even_when_all_fail_together() -> None:
    """E[number wrong] <= c by Markov alone: exact for nulls that are all at the cut at once or at nothing."""
    m, allowed = 1_000, 0.5
    cut = per_family_cut(m, allowed)
    assert m * 10**-cut == pytest.approx(allowed)
