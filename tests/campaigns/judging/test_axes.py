"""How evidence makes an axis: what multiplies, what is averaged, and what pays for the choice of a workload."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.judging.axes import BLOCK_WEIGHT, CONTENT, SOUGHT, axes_of, judge, prior_of
from stillwatch.campaigns.judging.decide import TYING
from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.evidence.row import AXES, Evidence
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS
from tests.campaigns.makers import tie
from tests.report.makers import evidence
from tests.signals.makers import group, population, use


def content(signal: str, log10_e: float) -> Evidence:
    return evidence(signal=signal, axis="extraction", block="content", log10_e=log10_e)


@pytest.mark.parametrize("counter", COUNTER_SIGNALS, ids=lambda s: s.name)
def test_counter_evidence_acts_on_its_own_axis_and_on_no_other(counter) -> None:
    rows = [tie(40.0), content("harvest_shape", 3.0)]
    rows.append(evidence(signal="scattered_identities", axis="evasion", block="payment", log10_e=6.0))
    against = evidence(signal=counter.name, axis=counter.axis, log10_e=-4.0)
    before, after = axes_of(rows, [], 1.0), axes_of(rows, [against], 1.0)
    moved = {axis: before[axis] - after[axis] for axis in AXES}
    assert moved == pytest.approx({axis: 4.0 if axis == counter.axis else 0.0 for axis in AXES})
    # what speaks for innocence never speaks for guilt
    assert axes_of(rows, [replace(against, log10_e=2.0)], 1.0) == before


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=8))
def test_the_weights_of_the_workloads_that_were_tried_add_up_to_one(sizes: list[int]) -> None:
    uses = [use(loads=[n], workload=i) for i, n in enumerate(sizes)]
    assert sum(prior_of(each, uses) for each in uses) == pytest.approx(1.0)


def test_the_workload_that_speaks_most_is_judged_and_pays_for_the_choice() -> None:
    dull = use(
        workload=5,
        contents=20,
        openings=100,
        long_answers=0,
        generated=0,
        outputs=10,
        user_form=False,
        user_spread=2.0,
    )
    # Nothing is passed on: only the workloads speak of what is taken.
    alone, beside = (group(uses=uses, handovers={}) for uses in ((use(),), (dull, use())))
    one, both = judge(alone, population()), judge(beside, population())
    assert both.group.main is not None and both.group.main.workload == 1
    assert both.axes["extraction"] < one.axes["extraction"]


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3), st.floats(0.05, 1.0))
def test_what_is_sought_multiplies_with_its_shape_and_is_averaged_with_the_rest_of_content(
    sought: float, shape: float, rest: float, prior: float
) -> None:
    rows = [content("sought_capability", sought), content("harvest_shape", shape)]
    rows.append(content("capability_concentration", rest))
    mean = CONTENT["sought"] * prior * 10 ** (sought + shape) + CONTENT["capability_concentration"] * 10**rest
    weight = BLOCK_WEIGHT["extraction"]
    assert 10 ** axes_of(rows, [], prior)["extraction"] == pytest.approx(weight * mean + 1 - weight)
    alone = axes_of(rows[:1], [], prior)["extraction"]
    assert 10**alone == pytest.approx(weight * prior * 10**sought + 1 - weight)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.05, 1.0))
def test_what_comes_back_multiplies_with_what_is_asked_and_pays_for_no_choice(
    asked: float, fed_back: float, prior: float
) -> None:
    answers = evidence(signal="answer_pipeline", axis="extraction", block="responses", log10_e=fed_back)
    one, other = axes_of([content("harvest_shape", asked)], [], prior), axes_of([answers], [], prior)
    both = axes_of([content("harvest_shape", asked), answers], [], prior)
    assert both["extraction"] == pytest.approx(one["extraction"] + other["extraction"])
    assert other == axes_of([answers], [], 1.0)


def test_the_signals_that_judging_names_exist() -> None:
    known = {signal.name: signal for signal in SIGNALS}
    assert {*HANDED_OVER, *TYING, *SOUGHT} <= known.keys()
    averaged = {s.name for s in SIGNALS if (s.axis, s.block) == ("extraction", "content")}
    assert averaged == {*SOUGHT, *CONTENT} - {"sought"}
    assert sum(CONTENT.values()) == pytest.approx(1.0)
    assert BLOCK_WEIGHT.keys() == set(AXES)
    assert all(0 < weight < 1 for weight in BLOCK_WEIGHT.values())
