"""Links: log10 odds of pairs, by rarity, each account with its strongest few."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.proposing.links import (
    CONTRADICTION,
    LINKS_CAP,
    MAX_HOLDERS,
    PARTNERS,
    UNITS_CAP,
    Links,
    link,
    passing_pairs,
    prior,
    strongest,
    summed,
)
from tests.campaigns.makers import accounts_table, names, sent, traffic, work
from tests.campaigns.proposing.test_propose import circle

NODES = 12

link_lists = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(1, 5)).filter(
        lambda x: x[0] < x[1]
    ),
    unique_by=lambda x: x[:2],
    max_size=60,
)


def made(given_links: list[tuple[int, int, int]]) -> Links:
    a, b, odds = (np.array([x[i] for x in given_links], dtype=np.int64) for i in range(3))
    return Links(a, b, odds.astype(np.float64))


def as_set(links: Links) -> dict[tuple[int, int], float]:
    return dict(zip(zip(links.a.tolist(), links.b.tolist(), strict=True), links.odds.tolist(), strict=True))


@given(link_lists, st.integers(1, 5), st.randoms(use_true_random=False))
def test_each_account_names_its_strongest_and_no_more_stay(
    links: list[tuple[int, int, int]], most: int, chance: Random
) -> None:
    kept = as_set(strongest(made(links), NODES, most))
    assert len(kept) <= most * NODES
    for account in range(NODES):
        mine = [odds for a, b, odds in links if account in (a, b)]
        left = [odds for (a, b), odds in kept.items() if account in (a, b)]
        assert len(left) >= min(len(mine), 1) and max(left, default=0) == max(mine, default=0)
        if len(mine) <= most:
            assert len(left) == len(mine)
    chance.shuffle(links)
    assert as_set(strongest(made(links), NODES, most)) == kept


@given(link_lists, st.randoms(use_true_random=False))
def test_ratios_of_one_pair_add_up_in_either_direction(
    links: list[tuple[int, int, int]], chance: Random
) -> None:
    twice = made(links)
    turned = [chance.random() < 0.5 for _link in links]
    a = np.where(turned, twice.b, twice.a).astype(np.int64)
    b = np.where(turned, twice.a, twice.b).astype(np.int64)
    total = summed(NODES, [(a, b, twice.odds), (twice.b, twice.a, twice.odds)])
    assert as_set(total) == {(x, y): 2.0 * odds for x, y, odds in links}


def test_nothing_is_no_link() -> None:
    assert len(summed(5, []).a) == 0 and len(strongest(summed(5, []), 5).a) == 0


@pytest.mark.parametrize(("accounts", "expected"), [(10, 0.0), (6_001, -2.0)])
def test_the_odds_before_looking_are_of_an_operators_accounts_among_all(
    accounts: int, expected: float
) -> None:
    assert prior(accounts) == pytest.approx(expected)


@pytest.mark.parametrize("holders", [2, 3, 20])
def test_a_shared_artefact_is_worth_what_it_is_rare(holders: int) -> None:
    ids, others = names("a", holders), names("z", 300)
    table = accounts_table(ids + others, payment_fp=lambda a: "p" if a[0] == "a" else a)
    with traffic(work(ids + others, 1), accounts=table) as held:
        links = link(held)
    assert len(links.a) == holders * (holders - 1) // 2
    assert links.odds == pytest.approx(math.log10(PARTNERS / (holders - 1)))


@pytest.mark.parametrize("holders", [MAX_HOLDERS + 1, 400])
def test_what_many_share_links_nobody(holders: int) -> None:
    with traffic(work(names("a", holders) + names("z", 300), 1, device_key=1)) as held:
        assert len(link(held).a) == 0


def test_more_things_passed_are_more_odds_up_to_a_cap() -> None:
    ids = names("a", 6) + names("z", 200)
    passed = [
        ("conversation_carried", 10 * i + u, ids[0], ids[i], 0)
        for i in (1, 2, 3)
        for u in range((1, 2, 9)[i - 1])
    ]
    passed += [("conversation_carried", 900 + u, ids[0], ids[4], 0) for u in range(UNITS_CAP)]
    with traffic(work(ids, 1), passed) as held:
        odds = as_set(link(held))
        counted = as_set(passing_pairs(held))
    one, two, nine, five = (odds[0, i] for i in (1, 2, 3, 4))
    assert 0 < one < two < nine == five
    assert [counted[0, i] for i in (1, 2, 3, 4)] == [1, 2, 9, UNITS_CAP]


def test_what_pairs_pass_that_pass_nothing_else_makes_passing_cheap() -> None:
    pool, pairs = names("a", 8), names("p", 60)
    habit = [("conversation_carried", 5_000 + i, pairs[i], pairs[i + 1], 0) for i in range(0, 60, 2)]
    with traffic(work(pool + pairs, 1), circle(pool, 40)) as rare:
        before = as_set(link(rare))
    with traffic(work(pool + pairs, 1), circle(pool, 40) + habit) as common:
        after = as_set(link(common))
    assert all(after.get(pair, 0.0) < odds for pair, odds in before.items() if odds < 9)


@pytest.mark.parametrize(
    ("verification", "against"), [("business", True), ("identity", True), ("email", False), (None, False)]
)
def test_two_verified_organisations_speak_against_a_pair(verification: str | None, against: bool) -> None:
    ids = [*names("a", 2), *names("z", 100)]
    table = accounts_table(
        ids, payment_fp=lambda a: a[0] if a[0] == "a" else a, org_id=lambda a: a, verification=verification
    )
    with traffic(work(ids, 1), accounts=table) as held:
        (odds,) = link(held).odds
    assert odds == pytest.approx(math.log10(PARTNERS) - CONTRADICTION * against)


def test_a_half_links_by_its_own_units_and_by_no_artefact() -> None:
    ids = names("a", 6)
    with traffic(work(ids, 1), circle(ids, 40), accounts_table(ids, payment_fp="p")) as held:
        moved = held.handovers
        for half in (0, 1):
            low, high = (f(moved.giver, moved.taker)[moved.half == half] for f in (np.minimum, np.maximum))
            assert set(as_set(link(held, half))) == set(zip(low.tolist(), high.tolist(), strict=True))


def test_an_account_that_passes_things_to_everybody_keeps_within_the_cap() -> None:
    ids = names("a", 3 * LINKS_CAP)
    passed = [
        ("answers_passed", i * 1_000 + j, a, b, 0)
        for i, a in enumerate(ids)
        for j, b in enumerate(ids)
        if i < j
    ]
    with traffic([sent(i, a) for i, a in enumerate(ids)], passed) as held:
        links = link(held)
    assert 0 < len(links.a) <= LINKS_CAP * len(ids)
