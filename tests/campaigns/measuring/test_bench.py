"""A group is measured on the request forms that weigh in it."""

from __future__ import annotations

from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.measuring.bench import MIN_EXCHANGES, MIN_USERS
from stillwatch.workloads import CELLS
from tests.campaigns.makers import (
    TEMPLATE,
    bench,
    names,
    proposal,
    traffic,
    work,
)
from tests.campaigns.proposing.test_propose import circle

OTHER = 6


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
