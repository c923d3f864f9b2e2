"""Co-adoption: several rare forms in common, never one, and never what everybody uses."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from stillwatch.campaigns.proposing.coadoption import (
    MIN_ACCOUNTS,
    coadopters,
    form_groups,
    form_links,
    forms_held,
)
from stillwatch.campaigns.proposing.links import LINKS_CAP
from stillwatch.campaigns.proposing.proposal import FORM
from stillwatch.campaigns.traffic import Traffic
from stillwatch.workloads.grouping import PAIR
from tests.campaigns.makers import names, traffic, work

Rows = list[dict[str, Any]]


def adopted(accounts: list[str], forms: list[int], first: int, share: float = 1.0, seed: int = 1) -> Rows:
    """Return one exchange of each account in each form, or in a share of the forms by chance."""
    chance = Random(seed)
    rows: Rows = []
    for form in forms:
        users = [a for a in accounts if chance.random() < share]
        rows += work(users, 1, first + 10_000 * form, 2 * form)
    return rows


def crowd(count: int = 400) -> Rows:
    """Return accounts that do something that many do."""
    return work(names("z", count), 1, 1, 2 * 900)


def found(held: Traffic) -> set[frozenset[str]]:
    ids = held.account_ids.to_pylist()
    return {frozenset(ids[int(a)] for a in members) for members in form_groups(held)}


def test_a_pool_that_spreads_its_pipelines_is_found_though_no_account_has_all() -> None:
    pool = names("a", 40)
    with traffic(crowd() + adopted(pool, [1, 2, 3, 4, 5], 0, 0.7)) as held:
        (members,) = found(held)
    assert len(members) >= 36 and members <= set(pool)


@pytest.mark.parametrize("forms", [[1], []])
def test_one_form_is_no_link(forms: list[int]) -> None:
    with traffic(crowd() + adopted(names("a", 40), forms, 0)) as held:
        assert found(held) == set()


def test_forms_below_one_system_text_are_one() -> None:
    pool = names("a", 20)
    below = [row for user in (1, 2, 3) for row in work(pool, 1, 10_000 * user, 2 * (7 * PAIR + user))]
    with traffic(crowd() + below) as held:
        assert found(held) == set()


def test_what_many_use_is_no_link() -> None:
    everybody = names("z", 400)
    with traffic(adopted(everybody, [1, 2, 3, 4], 0)) as held:
        assert found(held) == set()


@pytest.mark.parametrize("size", [MIN_ACCOUNTS, MIN_ACCOUNTS - 1])
def test_too_few_are_no_group(size: int) -> None:
    with traffic(crowd() + adopted(names("a", size), [1, 2, 3], 0)) as held:
        assert bool(found(held)) is (size >= MIN_ACCOUNTS)


def test_two_operators_with_a_pipeline_in_common_are_taken_apart() -> None:
    one, other = names("a", 12), names("b", 16)
    rows = adopted(one + other, [1, 2], 0) + adopted(one, [3, 4, 5, 6], 1) + adopted(other, [7, 8, 9, 10], 2)
    with traffic(crowd() + rows) as held:
        assert found(held) == {frozenset(one), frozenset(other)}


@pytest.mark.parametrize("seed", range(3))
def test_names_and_the_order_of_rows_do_not_matter(seed: int) -> None:
    chance = Random(seed)
    rows = crowd() + adopted(names("a", 30), [1, 2, 3, 4], 0, 0.8) + adopted(names("b", 10), [5, 6, 7], 0)
    order = chance.sample(range(len(rows)), len(rows))
    with traffic(rows) as held, traffic(rows, order=order) as again:
        expected = found(held)
        assert found(again) == expected
        assert [p.accounts.tolist() for p in coadopters(held)] == [
            p.accounts.tolist() for p in coadopters(again)
        ]
    pool = sorted({row["account_id"] for row in rows if row["account_id"][0] in "ab"})
    names_of = dict(zip(pool, chance.sample(pool, len(pool)), strict=True))
    renamed = [row | {"account_id": names_of.get(row["account_id"], row["account_id"])} for row in rows]
    key = {row["account_id"]: row["account_key"] for row in rows}
    with traffic([row | {"account_key": key[row["account_id"]]} for row in renamed]) as held:
        assert found(held) == {frozenset(names_of[a] for a in group) for group in expected}


def test_links_keep_within_the_cap_and_say_what_formed_them() -> None:
    pool = names("a", 60)
    with traffic(crowd(3_000) + adopted(pool, list(range(1, 12)), 0)) as held:
        links = form_links(held, *forms_held(held))
        assert 0 < len(links.a) <= LINKS_CAP * held.size
        (proposal,) = coadopters(held)
    assert proposal.formed_by == {FORM} and proposal.origin == "workload" and proposal.workload is None
    assert proposal.forms == tuple(2 * form for form in range(1, 12))
