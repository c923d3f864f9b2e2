"""The grounds of a finding say what it had to reach and hangs on; those of an innocent group, what it lacked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillwatch.campaigns.telling.grounds import of_examined, of_finding, present_fields
from tests.campaigns.makers import accounts_table, names, traffic, work
from tests.campaigns.telling.cases import (
    BARS,
    CARRIED,
    FULL,
    REPEATED,
    SCATTERED,
    SHAPE,
    SPREAD,
    court,
    found,
    judged,
)

NOTHING: frozenset[str] = frozenset()


def test_a_finding_has_its_cuts_its_trees_and_what_would_have_been_without() -> None:
    finding = found(judged())
    grounds = of_finding(finding, court(), NOTHING)
    assert grounds.needed == finding.cuts and grounds.steps_from == finding.cut
    assert {a: part.log10_e for a, part in grounds.composition.items()} == pytest.approx(finding.judged.axes)
    assert {w.of for w in grounds.without} == {"row", "block", "smallest"}
    assert grounds.readings and grounds.lacks == ()


def test_what_would_have_made_it_surer_is_sought_on_the_one_axis_that_holds_it_back() -> None:
    weak = of_finding(found(judged()), court(), NOTHING)
    assert {e.axis for e in weak.enough} == {"extraction"}
    strong = replace(found(judged()), cut=-9.0)
    assert of_finding(strong, court(), NOTHING).enough == ()


def test_a_campaign_that_an_earlier_scan_named_is_not_judged_by_todays_cuts() -> None:
    carried = replace(found(judged()), cuts={})
    grounds = of_finding(carried, court(), NOTHING)
    assert (grounds.needed, grounds.without, grounds.enough) == ({}, (), ())
    assert grounds.readings


def test_an_innocent_group_is_held_against_the_accusing_verdict() -> None:
    grounds = of_examined(judged([CARRIED, SCATTERED, SPREAD]), court(), NOTHING)
    assert grounds is not None
    assert [x.axis for x in grounds.lacks if x.verdict == "distillation_campaign"] == ["extraction", None]
    assert {e.axis for e in grounds.enough} == {"extraction"}
    assert of_examined(judged(), court(bars={}), NOTHING) is None


def test_counter_evidence_that_decides_is_found() -> None:
    grounds = of_examined(judged(FULL, [REPEATED]), court(), NOTHING)
    assert grounds is not None
    assert [(w.signals, w.verdict) for w in grounds.without] == [
        (("repeated_content",), "distillation_campaign")
    ]


def test_an_axis_that_fell_short_does_not_raise_what_the_last_had_to_reach() -> None:
    trusting = {verdict: replace(bar, trust=20.0) for verdict, bar in BARS.items()}
    low = of_examined(judged([SHAPE]), court(bars=trusting), NOTHING)
    assert low is not None and low.needed["extraction"] < 3.0


def test_fields_are_present_where_the_log_or_the_accounts_table_has_a_value() -> None:
    ids = names("a", 3)
    table = accounts_table(ids, payment_fp="p")
    with traffic(work(ids, 2), accounts=table) as held:
        present = present_fields(held)
    assert {"messages", "output", "payment_fp"} <= present and "declared_use" not in present
    with traffic(work(ids, 2)) as held:
        assert present_fields(held) == frozenset(("messages", "output"))
