"""Users of one form: whole, by client print and by bursts, and never a small part of a public tool's users."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.proposing.proposal import CLIENT, FORM, START
from stillwatch.campaigns.proposing.workloads import (
    MIN_RARE,
    MIN_USERS,
    OWN_SHARE,
    bursts,
    workload_proposals,
)
from stillwatch.evidence.group import MIN_WORK
from stillwatch.workloads import CELLS
from tests.campaigns.makers import TEMPLATE, later, names, numbers, sent, traffic, work


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


@pytest.mark.parametrize(
    ("users", "elsewhere", "some"), [(MIN_RARE, 1, True), (MIN_RARE - 1, 1, False), (MIN_RARE, 90, False)]
)
def test_users_who_show_a_rare_print_are_proposed_however_many_use_the_tool(
    users: int, elsewhere: int, some: bool
) -> None:
    pool, people, others = names("a", users), names("p", 100), names("z", 700)
    rows = work(pool, MIN_WORK, client_key=5) + [
        row | {"client_key": 100 + int(row["account_id"][1:]) % 4} for row in work(people, MIN_WORK, 5_000)
    ]
    rows += [
        row | {"client_key": 5 if int(row["account_id"][1:]) < elsewhere else 900}
        for row in work(others, 1, 9_000, 40)
    ]
    with traffic(rows) as held:
        found = [p for p in workload_proposals(held) if np.array_equal(p.accounts, numbers(held, pool))]
        assert bool(found) is some
        assert all(p.formed_by == {FORM, CLIENT} for p in found)


def test_a_proposal_says_what_formed_it() -> None:
    pool, people = names("a", 8), names("p", 8)
    rows = work(pool, 4, client_key=7)
    rows += [sent(500 + i, p, client_key=9, time=later(30 * (i % 8) + 100)) for i, p in enumerate(people * 4)]
    with traffic(rows) as held:
        for proposal in workload_proposals(held):
            assert proposal.picked_by_start == (START in proposal.formed_by)
            assert (CLIENT in proposal.formed_by) == ("client print" in proposal.source)
            assert FORM in proposal.formed_by
