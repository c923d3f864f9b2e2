"""The beta prior that made accounts' rates is found, and a few attackers move neither mean nor threshold far."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, betabinom

from stillwatch.evidence.population.betabinomial import (
    MIN_ACCOUNTS,
    MIN_REQUESTS,
    MOST,
    Rate,
    fit_rate,
    log_beta_binomial,
)


def accounts(random: np.random.Generator, count: int, a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    n = random.integers(MIN_REQUESTS, 80, count)
    return random.binomial(n, random.beta(a, b, count)), n


def fitted(k: np.ndarray, n: np.ndarray) -> Rate:
    made = fit_rate(k, n)
    assert made is not None
    return made


@given(st.integers(0, 20), st.integers(0, 20), st.floats(0.2, 20), st.floats(0.2, 20))
def test_the_probability_is_that_of_the_distribution(hit: int, missed: int, a: float, b: float) -> None:
    mine = log_beta_binomial(np.array([hit]), np.array([hit + missed]), a, b)[0]
    assert mine == pytest.approx(betabinom.logpmf(hit, hit + missed, a, b), abs=1e-6)


@pytest.mark.parametrize(("a", "b"), [(2.0, 6.0), (0.4, 0.4), (0.3, 30.0)])
def test_the_mean_of_accounts_rates_is_found(a: float, b: float) -> None:
    made = fitted(*accounts(np.random.default_rng(1), 800, a, b))
    assert abs(made.mean - a / (a + b)) <= made.mean_within
    assert abs(made.threshold - beta.ppf(0.99, a, b)) <= made.threshold_within + 0.02


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("share", (1.0, 0.6))
def test_one_attacker_in_twenty_moves_a_rate_by_less_than_its_interval(share: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    k, n = accounts(random, 500, 2.0, 8.0)
    attacks = np.full(26, 60)
    clean, mixed = fitted(k, n), fitted(np.append(k, (share * attacks).astype(int)), np.append(n, attacks))
    assert abs(clean.mean - mixed.mean) <= min(clean.mean_within, mixed.mean_within)
    assert abs(clean.threshold - mixed.threshold) <= min(clean.threshold_within, mixed.threshold_within)


def test_the_request_is_not_the_unit() -> None:
    """One account with nearly all of the requests counts as one account."""
    k, n = accounts(np.random.default_rng(3), 300, 2.0, 8.0)
    alone, beside = fitted(k, n), fitted(np.append(k, 90_000), np.append(n, 100_000))
    assert beside.mean == pytest.approx(alone.mean, abs=0.02)


def test_order_does_not_matter_and_large_logs_are_picked_from() -> None:
    k, n = accounts(np.random.default_rng(4), MOST + 200, 2.0, 8.0)
    order = np.random.default_rng(5).permutation(len(k))
    assert fit_rate(k, n) == fit_rate(k[order], n[order])
    assert fitted(k, n).units == MOST


def test_too_few_accounts_with_enough_requests_say_nothing() -> None:
    n = np.full(MIN_ACCOUNTS - 1, MIN_REQUESTS)
    assert fit_rate(n, n) is None
    assert fit_rate(np.zeros(500, dtype=int), np.full(500, MIN_REQUESTS - 1)) is None
