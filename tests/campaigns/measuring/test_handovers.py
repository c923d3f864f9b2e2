"""Hand-overs are tested by the half that did not form the group."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.measuring.handovers import CHANCE_FLOOR, COVERED
from stillwatch.campaigns.proposing.propose import link_clusters
from tests.campaigns.makers import (
    bench,
    names,
    proposal,
    traffic,
    work,
)
from tests.campaigns.proposing.test_propose import circle


def naive_handovers(held, those: np.ndarray) -> tuple[list[int], list[float]]:
    """The definition for one signal: units of each half inside the cluster of the other half."""
    moved, loads = held.handovers, held.population.loads
    tested, expected = [], []
    for half in (0, 1):
        labels = link_clusters(held, 1 - half)
        top = Counter(labels[those].tolist())
        best = min(top, key=lambda label: (-top[label], label))
        cluster = [a for a in those.tolist() if labels[a] == best]
        if len(cluster) < max(2, COVERED * len(those)):
            cluster = []
        events = list(
            zip(
                moved.unit.tolist(),
                moved.giver.tolist(),
                moved.taker.tolist(),
                moved.half.tolist(),
                strict=True,
            )
        )
        tested.append(len({u for u, g, t, h in events if h == half and g in cluster and t in cluster}))
        units = len({u for u, _g, _t, h in events if h == half})
        share = sum(loads[a] for a in cluster) / loads.sum()
        expected.append(max(CHANCE_FLOOR, units * share**2))
    return tested, expected


@pytest.mark.parametrize("units", [3, 12, 60])
def test_hand_overs_are_tested_by_the_half_that_did_not_form_the_group(units: int) -> None:
    pool, others = names("a", 6), names("z", 30)
    passed = circle(pool, units) + circle(others, 20, 5_000)
    with traffic(work(pool + others, 4), passed) as held:
        group = proposal(held, pool)
        found = measure(bench(held, group), group).handovers["conversation_carried"]
        tested, expected = naive_handovers(held, group.accounts)
        assert found.units == len({u for _s, u, g, t, _x in passed if g in pool and t in pool})
        assert list(found.tested) == tested
        assert found.expected == pytest.approx(expected)
        assert sum(found.tested) <= found.units


def test_a_unit_is_never_counted_by_the_cluster_it_formed() -> None:
    pool = names("a", 5)
    with traffic(work(pool + names("z", 30), 4), circle(pool, 60)) as held:
        moved = held.handovers
        first = [
            ("conversation_carried", int(u), pool[g], pool[t], 0)
            for u, g, t, h in zip(moved.unit, moved.giver, moved.taker, moved.half, strict=True)
            if h == 0
        ]
    with traffic(work(pool + names("z", 30), 4), first) as held:
        group = proposal(held, pool)
        found = measure(bench(held, group), group).handovers["conversation_carried"]
    assert found.units == len({u for _s, u, *_rest in first}) and found.tested == (0, 0)


def test_a_thing_that_passed_often_is_one_unit() -> None:
    pool = names("a", 4)
    with traffic(work(pool, 4), [("answers_passed", 1, pool[0], pool[1], i) for i in range(9)]) as held:
        group = proposal(held, pool)
        assert measure(bench(held, group), group).handovers["answers_passed"].units == 1
