"""Mixes hold what members did, without what picked them, and tell no languages apart."""

from __future__ import annotations

from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.measuring.mixes import kinds_of, measure_mixes
from stillwatch.evidence.mixes import table
from stillwatch.workloads import CELLS
from tests.campaigns.makers import TEMPLATE, bench, names, numbers, proposal, traffic, work

POOL = names("a", 6)
OTHER = TEMPLATE + 2


def test_members_requests_are_counted_by_workload() -> None:
    rows = work(POOL, 5) + work(POOL[:3], 4, 100, OTHER) + work(names("b", 3), 9, 300, OTHER)
    with traffic(rows) as held:
        found = measure_mixes(kinds_of(held), numbers(held, POOL), None)
    assert sorted(map(sorted, table(found.forms).tolist())) == [[0, 5]] * 3 + [[4, 5]] * 3


def test_the_workload_that_proposed_the_group_is_left_out_and_of_a_cluster_nothing_is() -> None:
    rows = work(POOL, 5) + work(POOL, 4, 100, OTHER)
    with traffic(rows) as held:
        picked, linked = proposal(held, POOL, TEMPLATE), proposal(held, POOL)
        by_form, by_link = (measure(bench(held, each), each).mixes for each in (picked, linked))
    assert by_form is not None
    assert by_link is not None
    assert by_form.forms.count.sum() == 4 * len(POOL)
    assert by_link.forms.count.sum() == 9 * len(POOL)


def test_what_has_no_template_goes_by_its_kind_whatever_its_script() -> None:
    """Two cells that differ in nothing but the script of their text are one kind of work, and one form."""
    rows = work(POOL, 5, 0, CELLS + 11) + work(POOL, 4, 100, CELLS + 75)
    with traffic(rows) as held:
        kinds = kinds_of(held)
    assert len(set(kinds.workload.tolist())) == 2
    assert len(set(kinds.form.tolist())) == len(set(kinds.kind.tolist())) == 1


def test_capability_and_shape_make_a_kind() -> None:
    rows = (
        work(POOL, 5)
        + work(POOL, 5, 100, OTHER)
        + work(POOL, 5, 200, OTHER + 2, turns=3, messages=5)
        + work(POOL, 5, 300, OTHER + 4, tools_offered=4)
    )
    with traffic(rows) as held:
        kinds = kinds_of(held)
    by_form = dict(zip(kinds.workload.tolist(), kinds.kind.tolist(), strict=True))
    assert by_form[TEMPLATE] == by_form[OTHER]
    assert len(set(by_form.values())) == 3
    assert {kinds.capabilities[i] for i in kinds.seeks.tolist()} == {"general", "tool_use"}
