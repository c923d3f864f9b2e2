"""Of overlapping proposals the one best supported is kept."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from stillwatch.campaigns.judging.axes import Judged
from stillwatch.campaigns.judging.distinct import CONTAINED, distinct
from stillwatch.evidence.group import Group
from tests.campaigns.makers import judged
from tests.signals.makers import bare_group, group, use

HUGE = 50.0


def groups(count: int, size: int = 6) -> list[Group]:
    """Return groups without a common member."""
    return [bare_group(accounts=np.arange(i * size, (i + 1) * size)) for i in range(count)]


def held(of: Group, coordination: float, extraction: float = HUGE, evasion: float = HUGE) -> Judged:
    return judged(of, {"coordination": coordination, "extraction": extraction, "evasion": evasion})


def test_of_overlapping_proposals_the_best_supported_is_kept() -> None:
    made = [bare_group(accounts=np.arange(a, b)) for a, b in ((0, 10), (0, 9), (4, 14), (40, 50), (2, 6))]
    kept = distinct([held(g, coordination=c) for g, c in zip(made, (5.0, 9.0, 4.0, 1.0, 8.0), strict=True)])
    assert [k.group.accounts[[0, -1]].tolist() for k in kept] == [[0, 8], [4, 13], [40, 49]]
    for a in kept:
        for b in kept:
            shared = len(np.intersect1d(a.group.accounts, b.group.accounts))
            assert a is b or shared < CONTAINED * min(a.group.size, b.group.size)


def test_the_pool_that_does_the_work_takes_in_its_piece_and_pays_for_the_choice() -> None:
    piece = held(group(accounts=np.arange(5), uses=(use(),)), coordination=9.0, extraction=3.0, evasion=3.0)
    pool = held(
        group(accounts=np.arange(10), origin="workload"), coordination=8.8, extraction=2.0, evasion=3.0
    )
    (kept,) = distinct([piece, pool])
    assert kept.group.size == 10 and kept.axes["coordination"] == pytest.approx(8.8 - math.log10(2))
    assert kept.axes["extraction"] == 2.0  # what is taken has no part in the choice, and pays nothing
    worse = replace(pool, axes=pool.axes | {"evasion": 1.0})
    assert [k.group.size for k in distinct([piece, worse])] == [5]
    other = held(group(accounts=np.arange(10), origin="workload", uses=(use(workload=7),)), coordination=8.0)
    assert [k.group.size for k in distinct([piece, other])] == [5]


def test_who_only_uses_the_same_form_is_not_taken_in() -> None:
    pool = held(group(accounts=np.arange(20), uses=(use(),)), coordination=30.0)
    with_strangers = held(group(accounts=np.arange(24), origin="workload"), coordination=25.0)
    (kept,) = distinct([pool, with_strangers])
    assert kept.group.size == 20


def test_parts_of_the_users_of_a_form_are_one_where_it_is_all_theirs() -> None:
    def users(first: int, last: int, outside: int, coordination: float) -> Judged:
        work = use(loads=np.full(last - first, 20), outside_loads=np.ones(outside, dtype=np.int64))
        return held(group(accounts=np.arange(first, last), origin="workload", uses=(work,)), coordination)

    parts = [users(0, 10, 10, 20.0), users(10, 20, 10, 20.0)]
    assert [k.group.size for k in distinct([*parts, users(0, 20, 0, 13.0)])] == [20]
    assert sorted(k.group.size for k in distinct([*parts, users(0, 20, 5, 13.0)])) == [10, 10]
    assert sorted(k.group.size for k in distinct([*parts, users(0, 20, 0, 5.0)])) == [10, 10]
