"""Ties are counted by party, against the core that the other half formed, for every account alike."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from stillwatch.campaigns.attribute.ties import Ties, core, count_ties, parties
from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.traffic import Traffic
from stillwatch.workloads import CELLS
from tests.campaigns.makers import (
    TEMPLATE,
    Passed,
    accounts_table,
    bench,
    names,
    numbers,
    proposal,
    traffic,
    work,
)

POOL, PEOPLE = names("a", 8), names("z", 30)
EVERYBODY = [*POOL, *PEOPLE]
PLAIN = work(POOL, 20) + work(EVERYBODY, 4, 500, CELLS + 5)


def passed(pairs: list[tuple[str, str]], first: int = 0, each: int = 8) -> list[Passed]:
    """Return so many conversations between each pair of accounts, to and fro, units in both halves."""
    ways = [pair if unit % 2 else pair[::-1] for pair in pairs for unit in range(each)]
    return [("conversation_carried", (first + i) * 7919, a, b, i % 100) for i, (a, b) in enumerate(ways)]


AMONG = passed(list(combinations(POOL, 2)))


def ties(held: Traffic, ids: list[str], workload: int | None = None, floor: float = 0.25) -> Ties:
    made = proposal(held, ids, workload)
    return count_ties(held, measure(bench(held, made), made), floor)


def met(held: Traffic, ids: list[str], at: list[str]) -> np.ndarray:
    """Return the partners, in either half, that some accounts have in a group."""
    partners = ties(held, ids).partners
    assert partners is not None
    return partners[:, numbers(held, at)]


def test_partners_are_other_parties_and_no_account_of_its_own() -> None:
    """Two members openly share a card: they are one party, to each other and to everybody else."""
    cards = accounts_table(EVERYBODY, payment_fp=lambda name: "one" if name in POOL[:2] else name)
    with traffic(PLAIN, AMONG, cards) as held:
        assert met(held, POOL, POOL[:2]).tolist() == [[6, 6], [6, 6]]
        assert met(held, POOL, POOL[2:]).tolist() == [[6] * 6, [6] * 6]
        assert not met(held, POOL, PEOPLE).any()


def test_without_an_accounts_table_every_account_is_a_party() -> None:
    with traffic(PLAIN, AMONG) as held:
        assert len(np.unique(parties(held))) == held.size


def test_what_openly_belongs_together_is_one_party_however_long_the_chain() -> None:
    table = accounts_table(
        EVERYBODY,
        payment_fp=lambda name: {"a000": "p", "a001": "p"}.get(name, name),
        email_fp=lambda name: {"a001": "e", "a002": "e"}.get(name, name),
    )
    with traffic(PLAIN, AMONG, table) as held:
        of = parties(held)
        assert len(set(of[numbers(held, POOL[:3])])) == 1
        assert len(np.unique(of)) == held.size - 2


def test_a_household_that_hangs_on_by_a_chance_link_is_not_of_the_core() -> None:
    family = PEOPLE[:3]
    links = AMONG + passed(list(combinations(family, 2)), 1_000) + passed([(POOL[0], family[0])], 2_000, 2)
    with traffic(PLAIN, links) as held:
        members, pool = numbers(held, POOL + family), numbers(held, POOL)
        for half in (0, 1):
            assert core(held.handovers, members, half).tolist() == pool.tolist()
        assert met(held, POOL + family, family).max() <= 1


def test_who_only_takes_or_only_gives_has_no_partners() -> None:
    """A customer who moves out takes his conversations along; who publishes his chats gives them."""
    taker, giver = PEOPLE[:2]
    moves = [("conversation_carried", 50_000 + i, a, taker, i) for i, a in enumerate(POOL * 4)]
    shares = [("conversation_carried", 60_000 + i, giver, a, i) for i, a in enumerate(POOL * 4)]
    with traffic(PLAIN, AMONG + moves + shares) as held:
        assert not met(held, POOL, [taker, giver]).any()
    back = [("conversation_carried", 70_000 + i, taker, a, i) for i, a in enumerate(POOL)]
    with traffic(PLAIN, AMONG + moves + back) as held:
        assert met(held, POOL, [taker]).min() >= 6


def test_no_hand_overs_hold_nobody_together() -> None:
    with traffic(PLAIN, AMONG) as held:
        assert core(held.handovers, numbers(held, PEOPLE), 0).tolist() == []


def test_who_passes_much_to_anybody_meets_the_group_by_chance() -> None:
    hub = PEOPLE[0]
    links = AMONG + passed([(hub, other) for other in PEOPLE[1:]], 5_000)
    with traffic(PLAIN, links) as held:
        chance = ties(held, POOL).chance
        assert chance is not None
        quiet, busy = (chance[:, numbers(held, [name])].min() for name in (PEOPLE[1], hub))
        assert busy > 3 * quiet >= 3 * 0.25
        floored = ties(held, POOL, floor=50.0).chance
        assert floored is not None
        assert floored.min() == 50.0


def test_adoption_is_that_of_the_others_inside_against_the_rate_outside() -> None:
    rows = PLAIN + work(PEOPLE[:4], 2, 900)
    with traffic(rows, AMONG) as held:
        ((weight, adopted),) = ties(held, POOL).adopted
        at = numbers(held, POOL)
        assert weight == pytest.approx(1.0)
        assert adopted.hit.sum() == 12
        assert adopted.null[0] == pytest.approx(5 / 32)
        assert adopted.alternative[at].tolist() == pytest.approx([7 / 8] * 8)
        assert adopted.alternative[numbers(held, PEOPLE)].tolist() == pytest.approx([8 / 9] * 30)


def test_the_work_that_picked_the_members_is_not_counted_again() -> None:
    with traffic(PLAIN, AMONG) as held:
        assert ties(held, POOL, TEMPLATE).adopted == ()


def test_how_much_of_a_public_tool_an_account_uses_is_ranked_among_its_other_users() -> None:
    rows = PLAIN + work(PEOPLE, 1, 900)
    with traffic(rows, AMONG) as held:
        ((_weight, ranks),) = ties(held, POOL, TEMPLATE).doses
        assert ranks[numbers(held, POOL)].tolist() == pytest.approx([1 / 31] * 8)
        assert ranks[numbers(held, PEOPLE)].min() == pytest.approx(1.0)
    with traffic(PLAIN, AMONG) as held:  # nobody else uses it: nothing to rank among
        assert ties(held, POOL, TEMPLATE).doses == ()


def test_a_shared_device_counts_across_parties_only() -> None:
    def device(name: str) -> int | None:
        return 7 if name in POOL[:4] else 8 if name in PEOPLE[:2] else None

    rows = [row | {"device_key": device(row["account_id"])} for row in PLAIN]
    cards = accounts_table(EVERYBODY, payment_fp=lambda name: "one" if name in POOL[:4] else name)
    for table, hits in ((None, 4), (cards, 0)):
        with traffic(rows, AMONG, table) as held:
            shown = ties(held, POOL).traits["device"]
            assert shown.hit.sum() == hits
            assert shown.known.sum() == 6


def test_row_order_changes_nothing() -> None:
    found = []
    for order in (list(range(len(PLAIN))), list(range(len(PLAIN)))[::-1]):
        with traffic(PLAIN, AMONG, order=order) as held:
            found.append(ties(held, POOL))
    first, second = found
    assert first.partners is not None and second.partners is not None
    assert first.chance is not None and second.chance is not None
    assert first.partners.tolist() == second.partners.tolist()
    assert first.chance.tolist() == second.chance.tolist()
