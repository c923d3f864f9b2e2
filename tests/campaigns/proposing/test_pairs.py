"""Pairs worth weighing: few an account, counted exactly, whatever the order of what is held."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.proposing.pairs import REACH, Holdings, in_common, neighbours

ACCOUNTS = 30

held_pairs = st.lists(st.tuples(st.integers(0, 8), st.integers(0, ACCOUNTS - 1)), max_size=80)


def holdings(pairs: list[tuple[int, int]]) -> Holdings:
    """Return (value, account) pairs as holdings."""
    value, account = (np.array([p[i] for p in pairs], dtype=np.int64) for i in (0, 1))
    return Holdings.of(value, account)


def as_pairs(a: np.ndarray, b: np.ndarray) -> list[tuple[int, int]]:
    return list(zip(a.tolist(), b.tolist(), strict=True))


@given(held_pairs, st.randoms(use_true_random=False))
def test_holdings_are_sorted_each_once_in_any_order(pairs: list[tuple[int, int]], chance: Random) -> None:
    found = holdings(pairs)
    assert as_pairs(found.value, found.account) == sorted(set(pairs))
    chance.shuffle(pairs)
    assert as_pairs(holdings(pairs).value, holdings(pairs).account) == sorted(set(pairs))


@given(held_pairs, st.integers(1, 4))
def test_the_rarest_values_of_each_account_stay(pairs: list[tuple[int, int]], most: int) -> None:
    held, holders = holdings(pairs).counted()
    kept = held.rarest(holders, most)
    for account in set(held.account.tolist()):
        values = held.value[held.account == account].tolist()
        expected = sorted(values, key=lambda v: (holders[v], v))[:most]
        assert kept.value[kept.account == account].tolist() == sorted(expected)


@given(held_pairs)
def test_pairs_are_of_one_value_each_once_and_few_an_account(pairs: list[tuple[int, int]]) -> None:
    held = holdings(pairs)
    a, b = neighbours(held, ACCOUNTS, reach=2)
    found = as_pairs(a, b)
    assert found == sorted(set(found)) and all(one < other for one, other in found)
    by_account = {x: {v for v, y in pairs if y == x} for x in range(ACCOUNTS)}
    assert all(by_account[one] & by_account[other] for one, other in found)
    assert len(found) <= 2 * len(held.value)


@pytest.mark.parametrize("holders", [2, 3, 4, 2 * REACH, 2 * REACH + 1])
def test_all_pairs_of_a_small_value_are_compared(holders: int) -> None:
    a, _b = neighbours(holdings([(1, x) for x in range(holders)]), ACCOUNTS)
    assert len(a) == holders * (holders - 1) // 2


def test_a_value_of_a_thousand_gives_each_account_the_same_few_pairs() -> None:
    a, b = neighbours(holdings([(1, x) for x in range(1_000)]), 1_000)
    assert set(Counter(np.r_[a, b].tolist()).values()) == {2 * REACH}


@given(held_pairs)
def test_what_a_pair_has_in_common_is_what_the_definition_says(pairs: list[tuple[int, int]]) -> None:
    held, holders = holdings(pairs).counted()
    weight = 1.0 / (1.0 + np.arange(len(holders)))
    a, b = np.triu_indices(ACCOUNTS, k=1)
    count, total, lacking = in_common(held, ACCOUNTS, weight, a, b)
    values = [set(held.value[held.account == x].tolist()) for x in range(ACCOUNTS)]
    for at, (one, other) in enumerate(as_pairs(a, b)):
        both = values[one] & values[other]
        assert count[at] == len(both)
        assert total[at] == pytest.approx(sum(weight[v] for v in both))
        assert lacking[at] == len(values[one] ^ values[other])
