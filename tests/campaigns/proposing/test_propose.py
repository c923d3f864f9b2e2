"""Proposals: everybody who might be one operator, each set once."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from stillwatch.campaigns.proposing.propose import bulk_proposals, propose
from stillwatch.campaigns.traffic import Traffic
from stillwatch.workloads import CELLS
from tests.campaigns.makers import Passed, names, sent, traffic, work


def circle(ids: list[str], units: int, first: int = 0) -> list[Passed]:
    """Return things passed around a circle of accounts and across it."""
    chance, count = Random(first), len(ids)
    return [
        (
            "conversation_carried",
            first + unit,
            ids[unit % count],
            ids[(unit + chance.randrange(1, count)) % count],
            0,
        )
        for unit in range(units)
    ]


def proposed(held: Traffic) -> set[tuple[str, int | None, tuple[int, ...]]]:
    return {(p.origin, p.workload, tuple(p.accounts.tolist())) for p in propose(held)}


@pytest.mark.parametrize("seed", range(2))
def test_each_set_is_proposed_once_and_in_an_order_of_its_own(seed: int) -> None:
    pool = names("a", 10)
    rows = work(pool, 5, client_key=3) + work(names("p", 10), 4, 300)
    order = Random(seed).sample(range(len(rows)), len(rows))
    with traffic(rows, circle(pool, 50)) as held, traffic(rows, circle(pool, 50), order=order) as again:
        found = [(p.workload, p.accounts.tolist(), p.source) for p in propose(held)]
        assert found == [(p.workload, p.accounts.tolist(), p.source) for p in propose(again)]
        assert len(proposed(held)) == len(found)
        assert all((np.diff(p.accounts) > 0).all() for p in propose(held))


def test_nothing_in_common_is_no_proposal() -> None:
    with traffic([sent(0, "a", CELLS + 1), sent(1, "b", CELLS + 2)]) as held:
        assert propose(held) == [] and list(bulk_proposals(held)) == []


def test_every_proposal_says_what_formed_it() -> None:
    pool = names("a", 10)
    rows = work(pool, 5, client_key=3) + work(pool, 4, 300, 44) + work(names("z", 60), 3, 900, 90)
    with traffic(rows, circle(pool, 50)) as held:
        found = propose(held)
        assert {p.origin for p in found} == {"handover", "workload"}
        assert all(p.formed_by for p in found)
