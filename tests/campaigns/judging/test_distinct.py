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
        group(accounts=np.arange(10), origin="workload"), coordination=8.0, extraction=3.0, evasion=3.0
    )
    (kept,) = distinct([piece, pool])
    assert kept.group.size == 10 and kept.axes["coordination"] == pytest.approx(8.0 - math.log10(2))
    worse = replace(pool, axes=pool.axes | {"evasion": 1.0})
    assert [k.group.size for k in distinct([piece, worse])] == [5]
    other = held(group(accounts=np.arange(10), origin="workload", uses=(use(workload=7),)), coordination=8.0)
    assert [k.group.size for k in distinct([piece, other])] == [5]
