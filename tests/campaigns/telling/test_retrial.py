"""Judged again on other rows: by the same code and cuts, and with nothing changed the verdict stands."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.campaigns.judging import Outcome
from stillwatch.campaigns.judging.axes import axes_of
from stillwatch.campaigns.judging.decide import Bar
from stillwatch.campaigns.telling.retrial import LARGEST_SET, Case, Court, court_of, enough, lacks, without
from stillwatch.evidence.row import AXES
from stillwatch.signals import SIGNALS
from tests.campaigns.telling.cases import (
    BARS,
    CARRIED,
    EVEN,
    FULL,
    REPEATED,
    SCATTERED,
    SHAPE,
    SOUGHT,
    SPREAD,
    court,
    found,
    judged,
)
from tests.report.makers import evidence
from tests.signals.makers import population

weights = st.floats(-2, 9)


@settings(deadline=None)
@given(st.lists(weights, min_size=len(FULL), max_size=len(FULL)), st.floats(-4, 0))
def test_on_its_own_rows_a_group_is_what_it_was(values: list[float], toll: float) -> None:
    held = judged([replace(row, log10_e=value) for row, value in zip(FULL, values, strict=True)], [REPEATED])
    held = replace(held, axes=held.axes | {"coordination": held.axes["coordination"] + toll})
    case = Case.of(held)
    assert {axis: part.log10_e for axis, part in case.composed.items()} == pytest.approx(held.axes)
    assert case.again(held.evidence).axes == pytest.approx(held.axes)
    rest = case.again(held.evidence[1:])
    plain = axes_of(held.evidence[1:], held.counter, 1.0)
    assert rest.axes["evasion"] == pytest.approx(plain["evasion"])
    assert rest.axes["coordination"] == pytest.approx(plain["coordination"] + toll, abs=1e-6)


def told(held, tested=AXES, by: Court | None = None) -> dict:
    return {(w.of, w.signals): w for w in without(Case.of(held), by or court(), tested)}


def test_a_row_that_decides_is_told_with_what_would_be_left() -> None:
    rows = told(judged([CARRIED, EVEN, SCATTERED, SHAPE]))
    assert rows["row", ("conversation_carried",)].verdict == "distillation_campaign"
    assert rows["row", ("scattered_payment",)].verdict == "related_accounts"
    assert rows["row", ("harvest_shape",)].verdict == "resale_pool"
    assert rows["smallest", ("harvest_shape",)].verdict == "resale_pool"
    assert rows["block", ("conversation_carried",)].block == "responses"


def test_where_no_row_decides_the_fewest_that_do_are_named_and_no_smaller_set_decides() -> None:
    held, by = judged(), court()
    (smallest,) = (w for w in told(held).values() if w.of == "smallest")
    assert 2 <= len(smallest.signals) <= LARGEST_SET
    case = Case.of(held)
    for size in range(1, len(smallest.signals)):
        for gone in combinations(held.evidence, size):
            if len({row.axis for row in gone}) == 1:
                left = [row for row in held.evidence if row not in gone]
                assert by.sentence(case.again(left))[0] == "distillation_campaign"


def test_confidence_falls_with_the_rows_that_carry_it() -> None:
    rows = told(judged([CARRIED, EVEN, SCATTERED, SPREAD, SHAPE, replace(SOUGHT, log10_e=3.0)]))
    assert rows["row", ("even_load",)].confidence == "suspected"  # one signal alone would tie them
    assert rows["row", ("scattered_network",)].confidence == "consistent_with"


def test_what_speaks_against_is_taken_out_as_well() -> None:
    rows = told(judged(FULL, [REPEATED]))
    assert rows["against", ("repeated_content",)].verdict == "distillation_campaign"


def test_rows_of_untested_axes_and_of_no_weight_are_left_alone() -> None:
    rows = told(judged([*FULL[:-1], replace(SOUGHT, log10_e=0.1)]), ("coordination",))
    assert {signals for of, signals in rows if of == "row"} == {("conversation_carried",), ("even_load",)}


def test_what_a_group_lacked_is_told_for_each_verdict() -> None:
    small = list(lacks(judged([CARRIED], size=4), court()))
    assert {(lack.verdict, lack.what, lack.axis) for lack in small} == {
        ("distillation_campaign", "axis", "evasion"),
        ("distillation_campaign", "axis", "extraction"),
        ("distillation_campaign", "size", None),
        ("resale_pool", "axis", "evasion"),
        ("resale_pool", "size", None),
    }
    alike = list(lacks(judged([EVEN, SCATTERED], origin="workload"), court()))
    assert ("distillation_campaign", "work") in {(lack.verdict, lack.what) for lack in alike}
    assert ("related_accounts", "tie") in {(lack.verdict, lack.what) for lack in alike}
    assert [x for x in lacks(judged(), court()) if x.verdict == "distillation_campaign"] == []
    evasion = next(lack for lack in small if lack.axis == "evasion")
    assert evasion.log10_e == pytest.approx(2.5)


@pytest.mark.parametrize("axis", AXES)
def test_evidence_that_is_called_enough_is_and_a_little_less_is_not(axis) -> None:
    held = judged([CARRIED, SHAPE])
    case, needed = Case.of(held), held.axes[axis] + 1.0
    made = enough(case, axis, needed)
    assert made and all(e.axis == axis for e in made)
    ceilings = {s.name: s.ceiling for s in SIGNALS if s.axis == axis and getattr(s, "ceiling", None)}
    for e in made:
        assert e.silent == all(row.signal != e.signal for row in held.evidence)
        assert e.log10_e <= ceilings[e.signal]
        others = [row for row in held.evidence if row.signal != e.signal]
        for weight, reached in ((e.log10_e, True), (e.log10_e - 0.11, False)):
            row = evidence(signal=e.signal, axis=axis, block=e.block, log10_e=weight)
            assert (case.again([*others, row]).axes[axis] >= needed) == reached


def test_nothing_is_enough_for_what_no_signal_may_claim() -> None:
    assert enough(Case.of(judged()), "extraction", 30.0) == ()


def test_single_accounts_have_a_court_of_their_own() -> None:
    held = judged([SHAPE, SOUGHT], size=1)
    bulk = replace(found(held), verdict="bulk_extraction", cuts={"extraction": 2.0}, cut=2.0)
    alone = court().for_single(bulk)
    assert alone.sentence(held)[0] == "bulk_extraction"
    assert court().for_single(found(judged())).bars == BARS
    weak = judged([replace(SHAPE, log10_e=0.5)], size=1)
    assert alone.sentence(weak) == (None, None)


def test_the_court_is_that_of_the_scan() -> None:
    outcome = Outcome((), (), 9, 3, 1.5, {"related_accounts": Bar({"coordination": 1.0})}, 7)
    assert court_of(outcome, population()).min_accounts == 7
    assert list(court_of(outcome, population()).bars) == ["related_accounts"]


def test_without_bars_nobody_would_be_named() -> None:
    assert court(bars={}).sentence(judged()) == (None, None)


def test_rows_may_come_in_any_order() -> None:
    assert told(judged(FULL)) == told(judged(FULL[::-1]))
    assert SCATTERED in FULL and SPREAD in FULL
