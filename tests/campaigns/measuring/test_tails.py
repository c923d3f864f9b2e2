"""Who lies beyond nearly all others of a kind: the group itself is left out, and few others say nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.measuring.tails import BEYOND, ENOUGH, TOP, Tail, tail_of


def naive(tail: Tail, members: np.ndarray) -> tuple[int, int, int, int] | None:
    """The definition: sort the outsiders of a kind; beyond is above the least value that few enough of them pass."""
    found = np.zeros(4, dtype=int)
    outside = np.setdiff1d(np.arange(len(tail.kind)), members)
    for kind in np.unique(tail.kind[members][tail.kind[members] >= 0]):
        others = tail.value[outside[tail.kind[outside] == kind]]
        if len(others) < ENOUGH:
            continue
        mark = next(v for v in range(TOP + 1) if (others > v).sum() <= BEYOND * len(others))
        mine = tail.value[members[tail.kind[members] == kind]]
        found += [(mine > mark).sum(), len(mine), (others > mark).sum(), len(others)]
    return tuple(found.tolist()) if found[1] else None


@given(seed=st.integers(0, 2**32 - 1), accounts=st.integers(5, 150), members=st.integers(1, 5))
def test_counting_agrees_with_the_definition(seed: int, accounts: int, members: int) -> None:
    random = np.random.default_rng(seed)
    tail = tail_of(random.integers(-1, 3, accounts), random.geometric(0.3, accounts) * random.integers(1, 20))
    group = np.sort(random.permutation(accounts)[:members])
    found, expected = tail.marked(group), naive(tail, group)
    assert (found is None) == (expected is None)
    assert (
        found is None
        or (
            found.marked,
            found.known,
            found.outside_marked,
            found.outside_known,
        )
        == expected
    )


def test_a_large_group_does_not_make_itself_usual() -> None:
    value = np.array([1] * 100 + [9] * 60)
    found = tail_of(np.zeros(160, dtype=np.int64), value).marked(np.arange(100, 160))
    assert found is not None
    assert (found.marked, found.known, found.outside_marked) == (60, 60, 0)


def test_fewer_than_enough_others_say_nothing() -> None:
    tail = tail_of(np.zeros(ENOUGH + 1, dtype=np.int64), np.arange(ENOUGH + 1))
    assert tail.marked(np.array([0])) is not None
    assert tail.marked(np.array([0, 1])) is None


def test_who_is_not_to_be_judged_is_not() -> None:
    assert tail_of(np.full(50, -1), np.ones(50, dtype=np.int64)).marked(np.arange(3)) is None
