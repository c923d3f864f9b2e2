"""Loads as uneven as honest ones have mean at most one; loads that were dealt out convince."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp

from stillwatch.evidence.evalues import LN10
from stillwatch.signals.even_load import (
    HONEST_CONCENTRATION,
    MIN_MEAN_LOAD,
    MIN_MEMBERS,
    SIGNAL,
    even_load_log10_e,
    log_spread,
)
from tests.signals.makers import bare_group, plain, population, upper_bound, use


def all_loads(total: int, accounts: int) -> np.ndarray:
    """Return every way to share out `total` requests over accounts, one a row."""
    bars = np.array(list(combinations(range(total + accounts - 1), accounts - 1)))
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), total + accounts - 1)])
    return np.diff(edges, axis=1) - 1


@pytest.mark.parametrize("concentration", (0.05, 1.0, 20.0, np.inf))
def test_the_chances_of_all_loads_sum_to_one(concentration: float) -> None:
    total = sum(np.exp(log_spread(loads, concentration)) for loads in all_loads(12, 4))
    assert total == pytest.approx(1.0)


@pytest.mark.parametrize("concentration", (0.02, 0.2, 0.77, 1.0, 2.5, 3.7, HONEST_CONCENTRATION))
def test_honest_loads_of_four_accounts_have_a_mean_of_at_most_one_by_summation(concentration: float) -> None:
    e = [np.exp(log_spread(x, concentration)) * 10 ** even_load_log10_e(x) for x in all_loads(18, 4)]
    assert sum(e) <= 1.0


@pytest.mark.parametrize("accounts", (5, 20))
@pytest.mark.parametrize("concentration", (0.3, 1.0, 2.0))
def test_honest_loads_of_many_accounts_have_a_mean_of_at_most_one(
    accounts: int, concentration: float
) -> None:
    random, e = np.random.default_rng(4), []
    for _run in range(400):
        shares = random.dirichlet([concentration] * accounts)
        loads = random.multinomial(40 * accounts, shares)
        e.append(plain(SIGNAL.weigh(bare_group(uses=(use(loads=loads),)), population())))
    assert upper_bound(e) <= 1.0


@given(st.lists(st.integers(0, 300), min_size=MIN_MEMBERS, max_size=60))
def test_at_no_loads_is_more_claimed_than_what_the_alternatives_make_likely(counted: list[int]) -> None:
    """Chance times e-value is at most the alternatives' chance, which sums to one: so then is the mean."""
    loads = np.array(counted)
    honest = log_spread(loads, HONEST_CONCENTRATION) + LN10 * even_load_log10_e(loads)
    dealt = logsumexp([log_spread(loads, c) for c in (20.0, 100.0, np.inf)]) - np.log(3)
    assert honest <= dealt + 1e-6


def test_honest_accounts_of_unlike_size_have_a_mean_of_at_most_one() -> None:
    """Heavier tails than the null assumes: a few large customers among many small ones."""
    random = np.random.default_rng(6)
    runs = [random.lognormal(3.5, 1.0, 12).astype(np.int64) + 1 for _run in range(400)]
    assert upper_bound([10 ** even_load_log10_e(loads) for loads in runs]) <= 1.0


def test_forty_requests_each_dealt_to_ten_accounts_at_random_convince() -> None:
    random = np.random.default_rng(8)
    e = [10 ** even_load_log10_e(random.multinomial(400, [0.1] * 10)) for _run in range(50)]
    assert np.median(e) >= 20


def test_round_robin_over_eight_accounts_convinces() -> None:
    assert plain(SIGNAL.weigh(bare_group(uses=(use(loads=[50] * 8),)), population())) >= 20


def test_the_sentence_claims_only_what_the_weight_does() -> None:
    for loads, claimed in (([40] * 10, True), ([4, 9, 90, 30, 12, 200, 5, 61], False)):
        row = SIGNAL.weigh(bare_group(uses=(use(loads=np.array(loads)),)), population())
        assert row is not None
        assert ("dealt out" in row.summary) is claimed


def test_few_members_or_hardly_any_requests_say_nothing() -> None:
    for loads in ([50] * (MIN_MEMBERS - 1), [int(MIN_MEAN_LOAD) - 1] * 10):
        assert SIGNAL.weigh(bare_group(uses=(use(loads=loads),)), population()) is None
