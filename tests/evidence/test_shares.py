"""A mark that a customer's accounts share: mean at most one whether they share it or not, and never beyond its rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from stillwatch.evidence.shares import FLOOR, Marked, customer_excess

RATES = (0.01, 0.05, 0.2, 0.5, 0.9)


def e_values(n: int, rate: float) -> np.ndarray:
    return np.array([10 ** customer_excess(k, n, rate) for k in range(n + 1)])


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("n", [1, 2, 5, 20, 100])
@pytest.mark.parametrize("alike", [0.1, 0.3, 1.0, 3.0, 10.0, 100.0])
def test_customers_more_or_less_alike_have_a_mean_of_at_most_one(n: int, rate: float, alike: float) -> None:
    """`alike` is the precision of the customers' shares: at 1 the stated null, small for all or nothing."""
    chance = betabinom(n, alike * rate, alike * (1 - rate)).pmf(np.arange(n + 1))
    assert chance @ e_values(n, rate) <= 1.05


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("n", [1, 2, 5, 20, 100])
def test_customers_whose_accounts_are_all_alike_have_a_mean_of_at_most_one(n: int, rate: float) -> None:
    e = e_values(n, rate)
    assert rate * e[n] + (1 - rate) * e[0] <= 1 + 1e-9


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("n", [1, 2, 5, 20, 100])
@pytest.mark.parametrize("below", [1.0, 0.5, 0.1])
def test_independent_accounts_have_a_mean_of_at_most_one(n: int, rate: float, below: float) -> None:
    assert binom(n, rate * below).pmf(np.arange(n + 1)) @ e_values(n, rate) <= 1 + 1e-9


@given(n=st.integers(1, 60), rate=st.floats(0.005, 0.95))
def test_it_grows_with_the_number_of_marked_accounts_and_stays_near_the_inverse_of_the_rate(
    n: int, rate: float
) -> None:
    e = e_values(n, rate)
    assert (np.diff(e) >= -1e-9 * e[1:]).all()
    assert e[-1] <= 1.2 / rate


def test_ten_of_ten_where_one_in_a_hundred_is_the_rule_convince() -> None:
    assert customer_excess(10, 10, 0.01) > 1.5


def test_none_of_many_speaks_against_it() -> None:
    assert customer_excess(0, 40, 0.05) < -1


def test_nobody_says_nothing() -> None:
    assert customer_excess(0, 0, 0.1) == 0.0


@pytest.mark.parametrize(("k", "n", "rate"), [(1, 1, 0.0), (1, 1, 1.0), (2, 1, 0.1), (-1, 1, 0.1)])
def test_what_is_no_count_or_no_rate_is_refused(k: int, n: int, rate: float) -> None:
    with pytest.raises(ValueError, match="inside"):
        customer_excess(k, n, rate)


def test_the_rate_is_the_others_with_one_added_and_has_a_floor() -> None:
    assert Marked(3, 4, 8, 98).rate == pytest.approx(0.09)
    assert Marked(3, 4, 0, 10_000).rate == FLOOR
    assert Marked(3, 4, 10, 10).rate < 1


def test_a_mark_that_others_show_as_often_is_worth_less() -> None:
    assert Marked(9, 10, 0, 500).log10_excess > Marked(9, 10, 100, 500).log10_excess > 0
