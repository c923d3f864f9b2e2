"""What ties each member is told by kind of trace, and a bystander's one chance tie is seen as one."""

from __future__ import annotations

import pytest

from stillwatch.campaigns.attribute import membership
from stillwatch.campaigns.attribute.membership import EVENTS
from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.telling.members import member_grounds
from stillwatch.report import links
from tests.campaigns.makers import TEMPLATE, Passed, bench, finding, names, proposal, traffic, work

POOL = names("a", 6)


def passed() -> list[Passed]:
    """Return many conversations around the pool, and one to its last member."""
    rows: list[Passed] = [
        ("conversation_carried", 10 * i + j, POOL[i], POOL[j], i)
        for i in range(5)
        for j in range(5)
        if i != j
    ]
    return [*rows, ("conversation_carried", 999, POOL[0], POOL[5], 0)]


def test_members_come_as_asked_with_the_independent_things_that_tie_them() -> None:
    with traffic(work([*POOL, *names("z", 30)], 6), passed()) as held:
        made = proposal(held, POOL, TEMPLATE)
        found = finding(measure(bench(held, made), made), "distillation_campaign")
        told = member_grounds(held, found, membership(held, found), [POOL[5], POOL[0], "elsewhere"])
    assert [m.account_id for m in told] == [POOL[5], POOL[0]]
    assert told[1].ties > told[0].ties
    assert {"responses"} <= set(told[0].blocks)
    assert told[1].blocks["responses"] > told[0].blocks["responses"]


def test_an_account_alone_is_tied_to_nobody() -> None:
    with traffic(work(POOL, 3)) as held:
        made = proposal(held, POOL[:1], TEMPLATE)
        found = finding(measure(bench(held, made), made), "bulk_extraction")
        assert member_grounds(held, found, membership(held, found), POOL[:1]) == ()


def test_the_report_counts_ties_as_the_membership_does() -> None:
    assert links.EVENTS == EVENTS


@pytest.mark.parametrize("shown", [[], ["nobody"]])
def test_nobody_asked_for_is_nobody_told(shown: list[str]) -> None:
    with traffic(work(POOL, 3)) as held:
        made = proposal(held, POOL, TEMPLATE)
        found = finding(measure(bench(held, made), made), "resale_pool")
        assert member_grounds(held, found, membership(held, found), shown) == ()
