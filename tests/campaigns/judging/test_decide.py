"""The list of findings keeps the dial, and each axis has to speak for itself."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.campaigns.judging.axes import Judged, judge
from stillwatch.campaigns.judging.decide import (
    NEEDED,
    Bar,
    Outcome,
    big_enough,
    decide,
    decide_bulk,
    standing,
)
from stillwatch.evidence.evalues import e_benjamini_hochberg
from stillwatch.evidence.group import Group
from stillwatch.evidence.row import AXES, Axis, Evidence
from tests.campaigns.makers import judged, tie
from tests.report.makers import evidence
from tests.signals.makers import bare_group, group, population, trait

HUGE = 50.0
ACCUSING = "distillation_campaign"


def groups(count: int, size: int = 6) -> list[Group]:
    """Return groups without a common member."""
    return [bare_group(accounts=np.arange(i * size, (i + 1) * size)) for i in range(count)]


def held(of: Group, coordination: float = HUGE, extraction: float = HUGE, evasion: float = HUGE) -> Judged:
    rows = [tie(), content("harvest_shape", extraction)]
    return judged(of, {"coordination": coordination, "extraction": extraction, "evasion": evasion}, rows)


def content(signal: str, log10_e: float) -> Evidence:
    return evidence(signal=signal, axis="extraction", block="content", log10_e=log10_e)


def verdicts(outcome: Outcome) -> dict[int, str]:
    """Return the verdict by the group's first account."""
    return {int(f.judged.group.accounts[0]): f.verdict for f in outcome.findings}


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_where_one_axis_is_null_false_campaigns_stay_within_its_part_of_the_dial(
    axis: Axis, rate: float
) -> None:
    chance, runs, planted, nulls = np.random.default_rng(7), 250, 4, 8
    made, shares = groups(planted + nulls), []
    part = NEEDED[ACCUSING][axis]
    for _run in range(runs):
        # the worst e-values there are: all or nothing, at the cut that a list of some length has
        cut = (planted + nulls) / (part * rate * chance.integers(1, planted + nulls + 1))
        lucky = chance.random(nulls) < 1 / max(cut, 1.0)
        guilty = [held(g) for g in made[:planted]]
        honest = [
            held(g, **{axis: math.log10(cut) + 1e-9 if hit else -HUGE})
            for g, hit in zip(made[planted:], lucky, strict=True)
        ]
        named = [f for f in decide(guilty + honest, rate, 5).findings if f.verdict == ACCUSING]
        false = sum(f.judged.group.accounts[0] >= made[planted].accounts[0] for f in named)
        shares.append(false / max(len(named), 1))
        assert len(named) - false == planted
    assert np.mean(shares) - 3 * np.std(shares) / math.sqrt(runs) <= part * rate
    assert np.mean(shares) > 0 or rate < 0.1


@pytest.mark.parametrize("axis", AXES)
@given(st.integers(0, 3), st.integers(1, 9), st.floats(0.01, 0.9), st.floats(-0.5, 2.5))
@settings(max_examples=40, deadline=None)
def test_where_all_nulls_are_one_draw_the_dial_is_kept_exactly(
    axis: Axis, planted: int, nulls: int, rate: float, log10_e: float
) -> None:
    # the nulls of one axis are all e or all nothing, e with chance 1/e: the false share then is exact, not drawn
    made = groups(planted + nulls)
    rows = [held(of, **({} if i < planted else {axis: log10_e})) for i, of in enumerate(made)]
    named = [f for f in decide(rows, rate, 5).findings if f.verdict == ACCUSING]
    false = sum(f.judged.axes[axis] < HUGE for f in named)
    share = false / max(len(named), 1)
    assert share * min(1.0, 10**-log10_e) <= NEEDED[ACCUSING][axis] * rate + 1e-9


@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_where_groups_lack_an_axis_each_in_its_own_way_the_dial_is_kept(rate: float) -> None:
    chance, runs, size = np.random.default_rng(3), 200, 12
    made, false = groups(size), []
    for _run in range(runs):
        rows = []
        for i, of in enumerate(made):
            axis = AXES[i % 3]
            cut = size / (NEEDED[ACCUSING][axis] * rate * chance.integers(1, 4))
            rows.append(held(of, **{axis: math.log10(cut) + 1e-9 if chance.random() < 1 / cut else 0.0}))
        false.append(any(f.verdict == ACCUSING for f in decide(rows, rate, 5).findings))
    assert (
        np.mean(false) - 3 * np.std(false) / math.sqrt(runs) <= rate
    )  # all are null: one finding is all false


def test_the_parts_of_the_dial_add_up() -> None:
    for parts in NEEDED.values():
        assert sum(parts.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("axis", AXES)
def test_no_other_axis_makes_up_for_one_that_is_silent(axis: Axis) -> None:
    outcome = decide([held(groups(1)[0], **{axis: 0.0})], 0.05, 5)
    assert ACCUSING not in verdicts(outcome).values()


def test_whose_work_nothing_could_be_said_of_is_not_accused_of_a_harvest() -> None:
    row = judged(groups(1)[0], dict.fromkeys(AXES, HUGE), [tie()])
    assert verdicts(decide([row], 0.05, 5)) == {0: "resale_pool"}


def test_what_is_there_names_the_verdict() -> None:
    made = groups(4)
    rows = [
        held(made[0]),
        held(made[1], extraction=0.0),
        held(made[2], evasion=0.0, extraction=0.0),
        held(made[3], coordination=0.0),
    ]
    outcome = decide(rows, 0.05, 5)
    assert verdicts(outcome) == {0: ACCUSING, 6: "resale_pool", 12: "related_accounts"}
    assert outcome.proposals == 4


@given(
    st.lists(st.tuples(*[st.floats(-3, 12)] * 3), min_size=1, max_size=6),
    st.floats(0.01, 0.4),
    st.floats(0.1, 4),
)
@settings(max_examples=40, deadline=None)
def test_stronger_evidence_on_the_accused_clears_none_of_them(axes, rate: float, more: float) -> None:
    rows = [held(of, *values) for of, values in zip(groups(len(axes)), axes, strict=True)]
    accused = [f.judged for f in decide(rows, rate, 5).findings if f.verdict == ACCUSING]
    names = {int(j.group.accounts[0]) for j in accused}
    stronger = [
        replace(r, axes={a: v + more for a, v in r.axes.items()}) if int(r.group.accounts[0]) in names else r
        for r in rows
    ]
    again = decide(stronger, rate, 5).findings
    assert names == {int(f.judged.group.accounts[0]) for f in again if f.verdict == ACCUSING}
    assert all(f.log10_e >= f.cut - 1e-9 for f in again if f.verdict == ACCUSING)


@given(
    st.lists(st.tuples(*[st.floats(-3, 12)] * 3), min_size=2, max_size=7), st.randoms(use_true_random=False)
)
@settings(max_examples=30, deadline=None)
def test_the_order_of_proposals_does_not_matter(axes, chance) -> None:
    rows = [held(of, *values) for of, values in zip(groups(len(axes)), axes, strict=True)]
    again = chance.sample(rows, len(rows))
    assert verdicts(decide(again, 0.1, 5)) == verdicts(decide(rows, 0.1, 5))


def test_strong_coordination_does_not_drown_a_declared_organisation() -> None:
    of = group(traits={"organisation": trait(top=10, distinct=1), "payment": trait(top=10, distinct=1)})
    found = judge(of, population())
    assert any(row.signal == "declared_organisation" for row in found.counter)
    assert found.axes["evasion"] < 0 < found.axes["coordination"]
    sure = replace(found, axes=found.axes | {"coordination": HUGE, "extraction": HUGE})
    assert ACCUSING not in verdicts(decide([sure], 0.3, 2)).values()
    assert "resale_pool" not in verdicts(decide([sure], 0.3, 2)).values()


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_few_accounts_are_accused_only_where_their_identities_contradict(size: int) -> None:
    alike = {name: trait(known=size, distinct=1, top=size) for name in ("payment", "organisation", "phone")}
    unlike = {name: trait(known=size, distinct=size, top=1) for name in ("payment", "organisation", "phone")}
    for traits, accused in ((alike, size >= 5), (unlike, size >= 3), ({}, size >= 5)):
        row = held(bare_group(accounts=np.arange(size), traits=traits))
        assert big_enough(row, 5) == accused
        assert (ACCUSING in verdicts(decide([row], 0.05, 5)).values()) == accused
        if not accused:
            assert verdicts(decide([row], 0.05, 5)) == {0: "related_accounts"}


def test_working_alike_alone_is_no_relation() -> None:
    alike = judged(
        bare_group(origin="workload"), {"coordination": HUGE, "evasion": HUGE}, [evidence(signal="even_load")]
    )
    assert verdicts(decide([alike], 0.05, 5)) == {}


@given(st.lists(st.floats(-3, 9), max_size=12), st.floats(0.01, 0.4))
@settings(max_examples=40, deadline=None)
def test_single_accounts_are_tested_by_e_bh_on_extraction_alone(scores: list[float], rate: float) -> None:
    rows = [judged(bare_group(accounts=np.array([i])), {"extraction": s}) for i, s in enumerate(scores)]
    passed, _cut = e_benjamini_hochberg(np.array(scores), rate)
    found = decide_bulk(rows, rate)
    assert [int(f.judged.group.accounts[0]) for f in found] == np.flatnonzero(passed).tolist()
    assert {f.verdict for f in found} <= {"bulk_extraction"}


def test_nothing_measured_is_nothing_known() -> None:
    found = judge(bare_group(), population())
    assert found.axes["extraction"] == 0.0 and ACCUSING not in verdicts(decide([found], 0.3, 2)).values()
    assert decide([], 0.05, 5).findings == () and decide_bulk([], 0.05) == []


def test_each_finding_tells_what_its_axes_had_to_reach_and_reached_it() -> None:
    made = groups(4)
    rows = [held(made[0]), held(made[1], extraction=0.0), held(made[2], evasion=0.0, extraction=0.0)]
    outcome = decide([*rows, held(made[3], coordination=0.0)], 0.05, 5)
    assert outcome.findings and outcome.bars.keys() == NEEDED.keys()
    for finding in outcome.findings:
        assert finding.cuts.keys() == NEEDED[finding.verdict].keys()
        assert all(finding.judged.axes[axis] >= cut - 1e-9 for axis, cut in finding.cuts.items())
        assert standing(finding.judged, outcome.bars, 5) == finding.verdict
    assert standing(held(made[3], coordination=0.0), outcome.bars, 5) is None


@given(st.lists(st.tuples(*[st.floats(-3, 20)] * 3), min_size=1, max_size=7), st.floats(0.01, 0.4))
@settings(max_examples=40, deadline=None)
def test_what_was_asked_of_a_finding_is_just_what_parts_it_from_the_rest(axes, rate: float) -> None:
    rows = [held(of, *values) for of, values in zip(groups(len(axes)), axes, strict=True)]
    outcome = decide(rows, rate, 5)
    for finding in outcome.findings:
        if finding.verdict != ACCUSING:
            continue
        for axis, cut in outcome.bars[ACCUSING].of(finding.judged.axes).items():
            short = replace(finding.judged, axes=finding.judged.axes | {axis: min(cut, HUGE) - 0.01})
            assert standing(short, {ACCUSING: outcome.bars[ACCUSING]}, 5) is None


def test_an_axis_that_fell_short_counts_for_the_last_as_if_it_had_reached_its_cut() -> None:
    bar = Bar({"coordination": 3.0, "evasion": 2.0, "extraction": 1.0}, trust=6.0)
    fell = bar.of({"coordination": -9.0, "evasion": 2.0, "extraction": 0.0})
    assert fell == pytest.approx({"coordination": 3.0, "evasion": 2.0, "extraction": 1.0})
    strong = bar.of({"coordination": 6.0, "evasion": 5.0, "extraction": 0.0})
    assert strong["extraction"] == pytest.approx(1.0 - math.log10(6.0 * 5.0 / 6.0))


def test_a_single_account_is_only_held_to_be_one_that_harvests() -> None:
    alone = judged(bare_group(accounts=np.array([3])), {"extraction": 2.5, "coordination": HUGE}, [tie()])
    bars = {"related_accounts": Bar({"coordination": 1.0}), "bulk_extraction": Bar({"extraction": 2.0})}
    assert standing(alone, bars, 5) == "bulk_extraction"
    assert standing(held(groups(1)[0]), {"bulk_extraction": bars["bulk_extraction"]}, 5) is None
