"""Who was seen is never new, and hardly anybody new is taken for seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.campaigns.lasting.seen import BITS, account_keys, unseen, with_keys
from tests.campaigns.lasting.makers import day, pool

keys = st.lists(st.integers(-(2**63), 2**63 - 1), max_size=30, unique=True)


@given(keys, keys)
@settings(max_examples=20, deadline=None)
def test_who_was_seen_in_any_scan_is_never_new(first: list[int], second: list[int]) -> None:
    packed = b""
    for seen in (first, second):
        packed = with_keys(packed, np.array(seen, dtype=np.int64))
    assert not unseen(packed, np.array([*first, *second], dtype=np.int64)).any()


def test_before_the_first_scan_everybody_is_new() -> None:
    assert unseen(b"", np.arange(5)).all()


@pytest.mark.parametrize(("accounts", "most"), [(1_000, 0.001), (200_000, 0.02)])
def test_hardly_anybody_new_is_taken_for_seen(accounts: int, most: float) -> None:
    chance = np.random.default_rng(1)
    made = chance.integers(-(2**63), 2**63 - 1, accounts + 10_000)
    packed = with_keys(b"", made[:accounts])
    assert 1 - unseen(packed, made[accounts:]).mean() <= most
    assert len(packed) <= BITS // 8 + 1_000


def test_the_keys_are_those_of_the_accounts_in_their_order() -> None:
    with day(0, pool(), honest=20) as held:
        found = account_keys(held)
        assert len(found) == held.size == len(np.unique(found))
