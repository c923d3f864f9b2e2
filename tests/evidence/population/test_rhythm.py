"""A rhythm counts every account alike, and accounts that work at one hour only move it by less than its interval."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.population.rhythm import HOURS, Rhythm, fit_rhythm
from tests.evidence.population.makers import day


def requests(random: np.random.Generator, accounts: int) -> np.ndarray:
    return np.array([random.multinomial(40, day(random)) for _account in range(accounts)])


def fitted(table: np.ndarray) -> Rhythm:
    made = fit_rhythm(table)
    assert made is not None
    return made


def test_shares_sum_to_one_and_follow_the_day() -> None:
    made = fitted(requests(np.random.default_rng(1), 300))
    assert sum(made.shares) == pytest.approx(1.0)
    assert min(made.shares[9:18]) > 3 * max(made.shares[0:7])


@pytest.mark.parametrize("seed", range(2))
def test_one_account_in_twenty_at_one_hour_moves_no_share_by_more_than_its_interval(seed: int) -> None:
    random = np.random.default_rng(seed)
    table = requests(random, 380)
    night = np.zeros((20, HOURS), dtype=int)
    night[:, 3] = 500
    clean, mixed = fitted(table), fitted(np.vstack([table, night]))
    assert all(abs(a - b) <= w for a, b, w in zip(clean.shares, mixed.shares, mixed.within, strict=True))


def test_a_large_account_counts_as_one_account() -> None:
    table = requests(np.random.default_rng(2), 300)
    loud = table.copy()
    loud[0] *= 10_000
    assert fitted(loud) == fitted(table)


def test_too_few_accounts_have_no_rhythm() -> None:
    assert fit_rhythm(requests(np.random.default_rng(1), 40)) is None
