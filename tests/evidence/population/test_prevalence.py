"""What is shared counts by values: a pool of a thousand behind one address is one address more."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.population.prevalence import STEPS, Prevalence, fit_prevalence


def fitted(holders: np.ndarray) -> Prevalence:
    made = fit_prevalence(holders)
    assert made is not None
    return made


def test_the_shares_of_values_that_many_have_are_counted() -> None:
    made = fitted(np.array([1] * 70 + [2] * 20 + [40] * 10))
    assert dict(zip(STEPS, made.shares, strict=True)) == {2: 0.3, 4: 0.1, 8: 0.1, 16: 0.1, 32: 0.1, 64: 0.0}


def test_one_pool_of_a_thousand_accounts_is_one_value() -> None:
    honest = np.ones(500, dtype=int)
    assert fitted(np.append(honest, 1000)).shares[0] == pytest.approx(1 / 501)


@pytest.mark.parametrize("held", (2, 1000))
def test_one_attackers_value_in_twenty_moves_no_share_by_more_than_its_interval(held: int) -> None:
    honest = 1 + np.random.default_rng(1).poisson(0.4, 400)
    clean, mixed = fitted(honest), fitted(np.append(honest, np.full(21, held)))
    for a, b, x, y in zip(clean.shares, mixed.shares, clean.within, mixed.within, strict=True):
        assert abs(a - b) <= min(x, y)


def test_the_careful_end_never_falls_with_fewer_holders() -> None:
    made = fitted(1 + np.random.default_rng(2).poisson(1.0, 200))
    ends = [made.held_by(n) for n in range(1, 100)]
    assert ends[0] == 1.0
    assert ends == sorted(ends, reverse=True)


def test_no_values_have_no_shares() -> None:
    assert fit_prevalence(np.zeros(0, dtype=int)) is None
