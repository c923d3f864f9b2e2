"""Proposals: everybody who might be one operator, each set once, and nobody by a popular thing alone."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.proposing.propose import (
    BULK,
    MAX_HOLDERS,
    MIN_USERS,
    OWN_SHARE,
    bulk_proposals,
    bursts,
    link_clusters,
    propose,
    prune,
    workload_proposals,
)
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.group import MIN_WORK
from stillwatch.workloads import CELLS
from tests.campaigns.makers import (
    TEMPLATE,
    Passed,
    accounts_table,
    later,
    names,
    numbers,
    sent,
    traffic,
    work,
)


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


def linked(held: Traffic, half: int | None = None) -> set[tuple[str, ...]]:
    """Return the clusters of two and more, by id."""
    labels = link_clusters(held, half)
    groups = (np.flatnonzero(labels == label) for label in np.unique(labels))
    return {tuple(held.account_ids[int(a)].as_py() for a in group) for group in groups if len(group) > 1}


def proposed(held: Traffic) -> set[tuple[str, int | None, tuple[int, ...]]]:
    return {(p.origin, p.workload, tuple(p.accounts.tolist())) for p in propose(held)}


def test_two_pools_that_one_chance_link_touches_stay_two() -> None:
    one, other = names("a", 12), names("b", 12)
    passed = [*circle(one, 60), *circle(other, 60, 1_000), ("answers_passed", 9_999, one[0], other[0], 0)]
    with traffic(work(one + other + names("z", 40), 2), passed) as held:
        assert linked(held) == {tuple(one), tuple(other)}


def test_one_artefact_of_a_crowd_links_nobody_and_that_of_a_few_does() -> None:
    few, crowd = names("a", 4), names("b", MAX_HOLDERS + 1)
    table = accounts_table(few + crowd, payment_fp=lambda a: a[0])
    with traffic(work(few + crowd, 1), accounts=table) as held:
        assert linked(held) == {tuple(few)}


def test_common_client_prints_and_networks_link_nobody() -> None:
    with traffic(work(names("a", 20), 2, client_key=1, prefix_key=1, ip_key=1)) as held:
        assert linked(held) == set()


def test_what_one_half_forms_rests_on_that_half_alone() -> None:
    ids = names("a", 6)
    table = accounts_table(ids, payment_fp="p")
    with traffic(work(ids, 2), circle(ids, 80), table) as held:
        moved = held.handovers
        kept = moved.half == 0
        alone = [
            (held.signals[s], int(u), ids[g], ids[t], 0)
            for s, u, g, t in zip(
                moved.signal[kept], moved.unit[kept], moved.giver[kept], moved.taker[kept], strict=True
            )
        ]
        with traffic(work(ids, 2), alone) as halved:
            assert linked(held, 0) == linked(halved)
            assert linked(halved, 1) == set()


def test_a_cluster_loses_those_that_hang_on_one_chance_link() -> None:
    pool = names("a", 8)
    with traffic(
        work([*pool, "z000"], 2), [*circle(pool, 60), ("answers_passed", 999, pool[0], "z000", 0)]
    ) as held:
        everyone = numbers(held, [*pool, "z000"])
        assert prune(held, everyone).tolist() == numbers(held, pool).tolist()
        thin = numbers(held, [pool[0], "z000"])
        assert prune(held, thin).tolist() == thin.tolist()


@given(st.lists(st.floats(0, 1e6), max_size=20), st.floats(0, 1e5))
def test_bursts_are_all_of_the_starts_cut_where_nothing_starts_for_long(
    starts: list[float], gap: float
) -> None:
    times = np.array(starts)
    found = list(bursts(times, gap))
    assert sorted(i for burst in found for i in burst.tolist()) == list(range(len(starts)))
    for one, other in pairwise(found):
        assert times[other].min() - times[one].max() > gap
    for burst in found:
        assert len(burst) < 2 or np.diff(np.sort(times[burst])).max() <= gap


def test_users_of_one_form_are_proposed_whole_and_by_client_and_by_burst() -> None:
    pool, people = names("a", 8), names("p", 8)
    rows = work(pool, 4, client_key=7)
    rows += [
        sent(500 + i, p, client_key=100 + i % 3, time=later(30 * (i % 8) + 100))
        for i, p in enumerate(people * 4)
    ]
    with traffic(rows) as held:
        found = {(p.source.split(",")[0], len(p.accounts)) for p in workload_proposals(held)}
        sets = {tuple(p.accounts.tolist()) for p in workload_proposals(held)}
        assert tuple(numbers(held, pool + people).tolist()) in sets
        assert tuple(numbers(held, pool).tolist()) in sets
        assert all(p.workload == TEMPLATE and p.origin == "workload" for p in workload_proposals(held))
    assert any(size == 16 for _source, size in found)


def test_a_small_part_of_a_public_tools_users_is_no_proposal() -> None:
    people = names("p", 60)
    rows = [row | {"client_key": int(row["account_id"][1:]) // MIN_USERS} for row in work(people, MIN_WORK)]
    with traffic(rows) as held:
        assert all(len(p.accounts) >= OWN_SHARE * len(people) for p in workload_proposals(held))


@pytest.mark.parametrize(
    ("accounts", "each", "workload", "some"),
    [
        (MIN_USERS, MIN_WORK, TEMPLATE, True),
        (MIN_USERS - 1, MIN_WORK, TEMPLATE, False),
        (MIN_USERS, MIN_WORK - 1, TEMPLATE, False),
        (MIN_USERS, MIN_WORK, CELLS + 1, False),
    ],
)
def test_too_few_too_little_or_no_form_is_no_proposal(
    accounts: int, each: int, workload: int, some: bool
) -> None:
    with traffic(work(names("a", accounts), each, workload=workload)) as held:
        assert bool(list(workload_proposals(held))) is some


def test_single_accounts_are_proposed_for_many_prompts_of_one_form() -> None:
    rows = work(["busy"], BULK) + work(["idle"], BULK - 1, 200)
    rows += [sent(500 + i, "again", content_key=1) for i in range(2 * BULK)] + work(
        ["free"], BULK, 900, CELLS + 1
    )
    with traffic(rows) as held:
        (only,) = bulk_proposals(held)
        assert held.account_ids[int(only.accounts[0])].as_py() == "busy"
        assert (only.origin, only.workload) == ("account", TEMPLATE)


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
