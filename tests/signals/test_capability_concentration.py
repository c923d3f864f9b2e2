"""Doing one thing only is weighed against how many accounts do."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.signals.capability_concentration import SIGNAL
from tests.signals.makers import bare_group, plain, population, upper_bound, use


def weigh(share: float, main_shares: np.ndarray) -> float:
    work = use(loads=[100] * 10)
    group = bare_group(uses=(work,), exchanges=round(work.exchanges / share))
    return plain(SIGNAL.weigh(group, population(main_shares=main_shares)))


@pytest.mark.parametrize("accounts", (5, 60, 1000))
def test_a_group_as_concentrated_as_a_random_account_has_a_mean_of_at_most_one(accounts: int) -> None:
    """Exact: the group's rank among the accounts is even, for a conformal p-value."""
    shares = np.linspace(0.11, 0.89, accounts)
    between = [0.1, *((shares[1:] + shares[:-1]) / 2), 0.9]  # above none, above one, ..., above all
    assert np.mean([weigh(share, shares) for share in between]) <= 1.0


def test_ties_make_it_say_less() -> None:
    random, e = np.random.default_rng(2), []
    for _run in range(800):
        shares = random.choice([0.25, 0.5, 1.0], 101)
        e.append(weigh(float(shares[0]), shares[1:]))
    assert upper_bound(e) <= 1.0


def test_it_convinces_only_where_none_of_two_thousand_accounts_is_as_concentrated() -> None:
    assert weigh(1.0, np.full(2000, 0.6)) >= 20
    assert weigh(1.0, np.full(200, 0.6)) < 20


def test_a_group_spread_like_others_speaks_against_it() -> None:
    assert weigh(0.3, np.linspace(0.3, 1.0, 100)) < 1


def test_without_a_workload_or_a_population_it_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(exchanges=10), population()) is None
    assert SIGNAL.weigh(bare_group(uses=(use(),)), population()) is None
    everybody = population(main_shares=np.zeros(0))
    assert SIGNAL.weigh(bare_group(uses=(use(),), exchanges=400), everybody) is None
