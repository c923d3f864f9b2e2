"""Measuring counts, and counts right: against plain Python over the rows."""

from __future__ import annotations

from collections import Counter
from math import log1p
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.measure import (
    CHANCE_FLOOR,
    COVERED,
    MIN_EXCHANGES,
    MIN_USERS,
    TraitValues,
    measure,
    measure_trait,
    measure_use,
)
from stillwatch.campaigns.propose import link_clusters
from stillwatch.campaigns.traffic import COMMON_DOMAIN, MISSING
from stillwatch.intents import CAPABILITIES, Label
from stillwatch.intents.labels import LANES
from stillwatch.workloads import CELLS
from tests.campaigns.makers import (
    TEMPLATE,
    accounts_table,
    bench,
    names,
    numbers,
    proposal,
    sent,
    traffic,
    work,
)
from tests.campaigns.test_propose import circle

OTHER = 6


def random_rows(seed: int) -> list[dict]:
    """Return a month of twelve accounts in three workloads, contents often the same, answers often lacking."""
    chance = Random(seed)
    return [
        sent(
            i,
            f"a{chance.randrange(12):03}",
            chance.choice([TEMPLATE, OTHER, CELLS + 3]),
            content_key=chance.choice([None, *range(40)]),
            output_key=chance.choice([None, *range(40)]),
            status=chance.choice([200, 200, 200, 429]),
            user_chars=chance.randrange(3_000),
            output_chars=chance.randrange(900),
            n=chance.choice([None, 1, 4]),
            tools_offered=chance.choice([None, 0, 3]),
            code_share=chance.random(),
            intents=chance.choice([None, chance.getrandbits(2 * LANES)]),
        )
        for i in range(400)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_use_of_a_workload_agrees_with_a_count_over_the_rows(seed: int) -> None:
    rows, those = random_rows(seed), names("a", 5)
    with traffic(rows) as held:
        group = proposal(held, those, TEMPLATE)
        use = measure_use(bench(held, group), group.accounts, TEMPLATE)
        halves = held.halves
    of = [row for row in rows if row["workload"] == TEMPLATE]
    mine = [row for row in of if row["account_id"] in those]
    answered = [r for r in of if r["status"] == 200 and r["output_chars"] > 0]
    sends = Counter((r["content_key"], r["account_id"]) for r in answered if r["content_key"] is not None)
    senders = Counter(c for c, a in sends if a in those)
    others = Counter(c for c, a in sends if a not in those)
    loads = Counter(r["account_id"] for r in mine)
    assert (use.exchanges, use.holders, use.templated) == (len(mine), len(loads), True)
    assert use.answered == sum(r in answered for r in mine)
    assert use.many_samples == sum((r["n"] or 1) > 1 for r in mine)
    assert use.with_tools == sum((r["tools_offered"] or 0) > 0 for r in mine)
    labels = [r["intents"] for r in mine if r["intents"] is not None]
    assert use.classified == len(labels)
    for shift, counted in ((0, use.asked), (LANES, use.given)):
        assert counted == {
            s.slug: n for s in CAPABILITIES if (n := sum(b >> (shift + s) & 1 for b in labels))
        }
    assert use.contents == len(senders)
    assert use.repeated == sum(n for (c, a), n in sends.items() if a in those and senders[c] > 1)
    assert use.collisions == sum(k * (k - 1) // 2 for k in senders.values())
    assert use.shared_contents == len(senders.keys() & others.keys())
    assert use.meetings == sum(senders[c] * others[c] for c in senders)
    assert use.draws.tolist() == [n for _a, n in sorted(Counter(a for _c, a in sends if a in those).items())]
    assert use.outside_draws == sum(a not in those for _c, a in sends)
    assert use.loads.tolist() == [n for _a, n in sorted(loads.items())]
    assert use.holding.tolist() == [int(a[1:]) for a in sorted(loads)]
    assert use.halves.tolist() == halves[use.holding].tolist()
    assert use.user_spread == pytest.approx(np.std([log1p(r["user_chars"]) for r in mine]), abs=1e-4)
    assert int(use.outside_loads.sum()) == len(of) - len(mine)
    moments = [r["time"].timestamp() for r in mine]
    assert (use.starts.min(), use.ends.max()) == (min(moments), max(moments))


def test_what_nobody_asks_for_and_nobody_looked_for_is_not_counted() -> None:
    rows = work(names("a", 2), 3, intents=1 << Label.VISION) + work(names("b", 2), 3, 50)
    with traffic(rows) as held:
        seen, unseen = proposal(held, names("a", 2), TEMPLATE), proposal(held, names("b", 2), TEMPLATE)
        held_bench = bench(held, seen, unseen)
        used, idle = (measure_use(held_bench, each.accounts, TEMPLATE) for each in (seen, unseen))
    assert (used.classified, used.asked, used.given) == (6, {"vision": 6}, {})
    assert (used.sought, used.clearly) == ("vision", False)
    assert (idle.classified, idle.asked, idle.given) == (0, {}, {})
    assert (idle.sought, idle.clearly) == ("general", False)


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


values = st.lists(st.integers(MISSING, 4), min_size=1, max_size=20)


@given(values, st.data())
def test_a_trait_agrees_with_a_count(shown: list[int], data: st.DataObject) -> None:
    those = sorted(data.draw(st.sets(st.integers(0, len(shown) - 1), min_size=1)))
    known = np.array(shown, dtype=np.int64)
    holders = np.bincount(known[known >= 0], minlength=5)
    found = measure_trait(TraitValues(known, holders), np.array(those), domain=False)
    inside = Counter(shown[a] for a in those if shown[a] != MISSING)
    outside = Counter(v for a, v in enumerate(shown) if a not in those and v != MISSING)
    assert (found.known, found.distinct) == (sum(inside.values()), len(inside))
    assert (found.outside_known, found.values) == (sum(outside.values()), len(inside | outside))
    if inside:
        best = min(inside, key=lambda v: (-inside[v], v))
        assert (found.top, found.outside_top) == (inside[best], outside[best])


@pytest.mark.parametrize("domain", [True, False])
def test_only_a_mail_domain_can_be_everybodys(domain: bool) -> None:
    size = 200
    known = np.zeros(size, dtype=np.int64)
    found = measure_trait(TraitValues(known, np.bincount(known)), np.arange(4), domain=domain)
    assert found.outside_top > COMMON_DOMAIN * size
    assert found.common is domain


def test_an_account_with_several_values_counts_with_the_one_it_uses_most() -> None:
    rows = [sent(i, "a000", client_key=9 if i < 7 else 2) for i in range(10)] + work(
        ["a001"], 3, 20, client_key=9
    )
    with traffic(rows) as held:
        group = proposal(held, names("a", 2))
        trait = measure(bench(held, group), group).traits["client"]
    assert (trait.known, trait.distinct, trait.top) == (2, 1, 2)


def test_a_group_that_links_formed_is_measured_on_the_forms_that_weigh_in_it() -> None:
    pool = names("a", 6)
    rows = work(pool, 10) + work(pool[:MIN_USERS], 8, 200, OTHER) + work(pool[:2], 30, 300, 8)
    rows += work(pool, 9, 400, CELLS + 1) + work(names("z", 9), 10, 600, OTHER)
    with traffic(rows, circle(pool, 30)) as held:
        group = proposal(held, pool)
        found = measure(bench(held, group), group)
    assert [use.workload for use in found.uses] == [TEMPLATE, OTHER]
    assert all(use.exchanges >= MIN_EXCHANGES for use in found.uses)
    assert found.workloads == 2 and found.exchanges == 60 + 24 + 60 + 54
    assert found.origin == "handover" and found.size == 6


def test_what_the_accounts_declare_is_counted() -> None:
    pool = names("a", 4)
    table = accounts_table(
        pool, declared_use=["reseller", "reseller", None, ""], distillation_permitted=[True, None, False, True],
        status=["suspended", "active", None, "suspended"],
    )  # fmt: skip
    with traffic(work(pool, 5), accounts=table) as held:
        group = proposal(held, pool, TEMPLATE)
        found = measure(bench(held, group), group)
    assert (found.declared, found.permitted, found.suspended) == ({"reseller": 2}, 2, 2)
    assert [use.workload for use in found.uses] == [TEMPLATE]


def test_one_account_by_itself_has_no_hand_overs() -> None:
    with traffic(work(names("a", 3), 30), circle(names("a", 3), 9)) as held:
        group = proposal(held, ["a001"], TEMPLATE)
        found = measure(bench(held, group), group)
        assert found.handovers == {} and found.size == 1
        assert numbers(held, ["a001"]).tolist() == found.accounts.tolist()
