"""Hand-overs are tested by the half that did not form the group."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.measuring.handovers import CHANCE_FLOOR, COVERED, MANY, speaks_for_all
from stillwatch.campaigns.proposing.propose import link_clusters
from stillwatch.evidence.group import Handovers
from tests.campaigns.makers import (
    TEMPLATE,
    Passed,
    bench,
    later,
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


def of_form(pool: list[str], passed: list[Passed]) -> Handovers | None:
    """Return the retries measured in a group that a request form brought together."""
    with traffic(work(pool + names("z", 60), 4), passed) as held:
        group = proposal(held, pool, TEMPLATE)
        return measure(bench(held, group), group).handovers.get("retry_handed_over")


def around(pool: list[str], pairs: list[tuple[int, int]]) -> list[Passed]:
    return [("retry_handed_over", 100 + i, pool[a], pool[b], i) for i, (a, b) in enumerate(pairs)]


def test_what_a_form_brought_together_is_tested_by_all_that_passed() -> None:
    pool = names("a", 12)
    found = of_form(pool, around(pool, [(i, i + 1) for i in range(11)]))
    assert found is not None and not found.formed
    assert sum(found.tested) == 11 == found.units
    assert min(found.expected) >= CHANCE_FLOOR


def test_second_accounts_of_honest_customers_count_for_nothing_however_often_they_pass_things() -> None:
    pool = names("a", 40)
    found = of_form(pool, around(pool, [(i, i + 1) for i in range(0, 40, 2)] * 5))
    assert found is not None and found.units == 100 and found.tested == (0, 0)


def test_a_few_who_know_each_other_do_not_speak_for_all_users_of_a_form() -> None:
    pool = names("a", 40)
    knot = [(a, b) for a in range(8) for b in range(a)]
    found = of_form(pool, around(pool, knot))
    assert found is not None and found.tested == (0, 0)
    whole = of_form(pool[:8], around(pool, knot))
    assert whole is not None and sum(whole.tested) == len(knot)


def test_two_pools_that_use_one_form_do_not_speak_for_each_other() -> None:
    pool = names("a", 20)
    knots = [(first + a, first + b) for first in (0, 10) for a in range(10) for b in range(a)]
    found = of_form(pool, around(pool, knots))
    assert found is not None and found.tested == (0, 0)


def test_a_pool_and_what_replaced_it_speak_for_each_other() -> None:
    old, new = names("a", 10), names("b", 10)
    knots = [(first + a, first + b) for first in (0, 10) for a in range(10) for b in range(a)]
    rows = (
        work(old, 4)
        + [row | {"time": later(100)} for row in work(new, 4, 500)]
        + work(names("z", 60), 4, 900)
    )
    with traffic(rows, around(old + new, knots)) as held:
        group = proposal(held, old + new, TEMPLATE)
        assert sum(measure(bench(held, group), group).handovers["retry_handed_over"].tested) == len(knots)


def test_a_pair_counts_once_however_often_it_passes_things() -> None:
    pool = names("a", 6)
    chain = [(i, i + 1) for i in range(5)]
    once, often = of_form(pool, around(pool, chain)), of_form(pool, around(pool, chain * 4))
    assert once is not None and often is not None
    assert sum(once.tested) == sum(often.tested) == 5 and often.units == 20


@pytest.mark.parametrize(
    ("members", "pairs", "speaks"),
    [
        (12, [(i, i + 1) for i in range(11)], True),
        (80, [(4 * i, 4 * i + 2) for i in range(19)], True),
        (80, [(i, i + 1) for i in range(MANY)], False),
        (80, [(0, 1)], False),
        (14, [(0, 1), (1, 2), (2, 3)], False),
    ],
)
def test_pairs_speak_for_all_where_they_touch_as_many_as_chance_would(
    members: int, pairs: list[tuple[int, int]], speaks: bool
) -> None:
    a, b = (np.array(side) for side in zip(*pairs, strict=True))
    with traffic(work(names("a", members), 1)) as held:
        assert speaks_for_all(held, members, a, b) is speaks


def test_whoever_began_together_is_tested_by_halves_being_a_part_of_more() -> None:
    pool = names("a", 12)
    with traffic(work(pool + names("z", 60), 4), around(pool, [(i, i + 1) for i in range(11)])) as held:
        group = replace(proposal(held, pool, TEMPLATE), picked_by_start=True)
        assert measure(bench(held, group), group).handovers["retry_handed_over"].formed
