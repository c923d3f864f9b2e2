"""A proposal is measured once, however often it is found."""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.proposing.proposal import Proposal, each_once


def made(*accounts: int, source: str = "the test", workload: int | None = None) -> Proposal:
    return Proposal(np.array(accounts, dtype=np.int64), "handover", source, workload)


def test_of_two_alike_the_earlier_stays_in_its_place() -> None:
    first, again = made(1, 2), made(1, 2, source="another")
    other, narrower = made(1, 2, 3), made(1, 2, workload=4)
    found = each_once([first, other, again, narrower])
    assert [id(p) for p in found] == [id(p) for p in (first, other, narrower)]
    assert each_once([]) == []
