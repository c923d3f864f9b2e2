"""Clusters of what passed and of artefacts: dense ones, taken apart where they are two, without hangers-on."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.campaigns.proposing.clusters import link_clusters, linked_proposals, own_forms, prune
from stillwatch.campaigns.proposing.links import MAX_HOLDERS
from stillwatch.campaigns.proposing.proposal import HANDOVERS
from stillwatch.campaigns.traffic import Traffic
from stillwatch.workloads.grouping import PAIR
from tests.campaigns.makers import TEMPLATE, accounts_table, names, numbers, traffic, work
from tests.campaigns.proposing.test_propose import circle

OTHER = TEMPLATE + 2


def linked(held: Traffic, half: int | None = None) -> set[tuple[str, ...]]:
    """Return the clusters of two and more, by id."""
    labels = link_clusters(held, half)
    groups = (np.flatnonzero(labels == label) for label in np.unique(labels))
    return {tuple(held.account_ids[int(a)].as_py() for a in group) for group in groups if len(group) > 1}


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


def test_one_value_of_a_thousand_accounts_merges_nobody() -> None:
    crowd = names("a", 1_000)
    with traffic(work(crowd, 1, device_key=7)) as held:
        assert linked(held) == set()


def test_two_pools_fed_by_one_resale_pool_stay_apart() -> None:
    one, other, feeders = names("a", 14), names("b", 14), names("c", 14)
    passed = [*circle(one, 90), *circle(other, 90, 1_000), *circle(feeders, 90, 2_000)]
    passed += [
        ("answers_passed", 3_000 + i, feeders[i], pool[i], 0) for pool in (one, other) for i in range(4)
    ]
    with traffic(work(one + other + feeders + names("z", 40), 2), passed) as held:
        assert linked(held) == {tuple(one), tuple(other), tuple(feeders)}


@pytest.mark.parametrize(("second", "shown"), [(OTHER, True), (TEMPLATE, False)])
def test_accounts_with_two_works_of_their_own_are_proposed_for_each(second: int, shown: bool) -> None:
    pool = names("a", 8)
    rows = work(pool, 4) + work(pool, 4, 500, second) + work(names("z", 30), 3, 900, 40)
    with traffic(rows, circle(pool, 60)) as held:
        found = [(p.workload, p.formed_by) for p in linked_proposals(held)]
    assert [w for w, _formed in found] == ([None, TEMPLATE, OTHER] if shown else [None])
    assert all(HANDOVERS in formed for _workload, formed in found)


def test_a_work_that_others_share_and_those_below_one_system_text_are_not_works_of_their_own() -> None:
    pool, people = names("a", 8), names("z", 30)
    below = 2 * (5 * PAIR + 1)
    rows = work(pool, 4, 0, below) + work(pool, 4, 100, below + 2) + work(pool + people, 4, 200, 40)
    with traffic(rows) as held:
        assert own_forms(held, numbers(held, pool)) == []
    with traffic(rows + work(pool, 5, 900, 50)) as held:
        assert own_forms(held, numbers(held, pool)) == [50, below]
