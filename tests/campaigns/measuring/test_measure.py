"""A group carries what its accounts declare, and no more than it did."""

from __future__ import annotations

from dataclasses import replace

from stillwatch.campaigns.measuring import measure
from tests.campaigns.makers import (
    TEMPLATE,
    accounts_table,
    bench,
    names,
    numbers,
    proposal,
    traffic,
    work,
)
from tests.campaigns.proposing.test_propose import circle


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


def test_a_work_chosen_as_the_groups_own_pays_for_all_it_was_chosen_from() -> None:
    pool = names("a", 6)
    rows = work(pool, 5) + work(pool, 5, 100, TEMPLATE + 2) + work(pool, 5, 200, TEMPLATE + 4)
    with traffic(rows, circle(pool, 30)) as held:
        whole = proposal(held, pool)
        one = replace(whole, workload=TEMPLATE)
        assert measure(bench(held, whole), whole).workloads == 3
        assert measure(bench(held, one), one).workloads == 3
        by_form = proposal(held, pool, TEMPLATE)
        assert measure(bench(held, by_form), by_form).workloads == 1
