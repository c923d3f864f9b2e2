from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.scenarios.costs import USUAL, Prices, bill
from stillwatch.ranges.scenarios.ladder import SHARES, SIZES, Step


@pytest.mark.parametrize(("accounts", "each"), SIZES)
@pytest.mark.parametrize("share", SHARES)
def test_what_a_useful_exchange_costs_never_falls_on_the_way_up(
    accounts: int, each: int, share: float
) -> None:
    bills = [bill(Step(level, accounts, each, share)) for level in range(9)]
    assert all(a.per_thousand <= b.per_thousand for a, b in pairwise(bills))
    assert bills[8].per_thousand > bills[0].per_thousand


@given(st.integers(0, 9), st.integers(2, 99), st.integers(1, 99), st.floats(0.01, 1.0))
def test_a_bill_adds_up(level: int, accounts: int, each: int, share: float) -> None:
    step = Step(level, accounts, each, share)
    found = bill(step)
    parts = (found.accounts, found.tokens, found.customers, found.infrastructure)
    assert min(parts) >= 0 and found.total == sum(parts)
    assert found.tokens == pytest.approx(step.harvested * USUAL.exchange)
    assert 0 < found.useful <= step.harvested


def test_duplicates_are_paid_for_and_not_useful() -> None:
    six, seven = (bill(Step(level, 20, 40, 0.1)) for level in (6, 7))
    assert seven.useful == 0.75 * six.useful and seven.total == six.total


def test_customers_pay_part_of_what_they_cost() -> None:
    step = Step(6, 20, 40, 0.1)
    dear, paid = bill(step), bill(step, Prices(resale=1.0))
    assert dear.customers == pytest.approx(9 * step.harvested * 0.03 * 0.9)
    assert paid.customers == 0.0


def test_one_shot_accounts_of_an_age_are_dearest() -> None:
    last = bill(Step(9, 20, 40))
    assert last.accounts > 10 * bill(Step(3, 20, 40)).accounts
