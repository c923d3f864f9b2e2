"""How evidence makes an axis: what multiplies, what is averaged, and what pays for the choice of a workload."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.campaigns.judging.axes import (
    BLOCK_WEIGHT,
    CONTENT,
    KINDS,
    PROBING,
    SOUGHT,
    axes_of,
    judge,
    priors_of,
)
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
    assert sum(priors_of(uses)) == pytest.approx(1.0)


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


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3), st.floats(0.05, 0.95), st.floats(-3, 3))
def test_what_is_sought_multiplies_with_its_shape_and_is_averaged_over_the_works(
    sought: float, shape: float, rest: float, prior: float, others: float
) -> None:
    rows = [content("sought_capability", sought), content("harvest_shape", shape)]
    works = prior * 10 ** (sought + shape) + (1 - prior) * 10**others
    alone = axes_of(rows, [], prior, others)["extraction"]
    assert 10**alone == pytest.approx(KINDS["content"] * works)
    rows.append(content("capability_concentration", rest))
    mean = CONTENT["works"] * works + CONTENT["capability_concentration"] * 10**rest
    assert 10 ** axes_of(rows, [], prior, others)["extraction"] == pytest.approx(KINDS["content"] * mean)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_the_kinds_of_harvest_are_mixed_and_a_silent_kind_earns_nothing(
    asked: float, fed_back: float, tried: float
) -> None:
    shape = content("harvest_shape", asked)
    answers = evidence(signal="answer_pipeline", axis="extraction", block="responses", log10_e=fed_back)
    probes = evidence(signal="probing", axis="extraction", block="responses", log10_e=tried)
    c, r, p = 10**asked, 10**fed_back, 10**tried
    both, kind = KINDS["content_and_responses"], KINDS
    for rows, mixed in (
        ([shape], kind["content"] * c),
        ([answers], kind["responses"] * r),
        ([probes], kind["probing"] * p),
        ([shape, answers, probes], kind["content"] * c + kind["responses"] * r + both * c * r + kind["probing"] * p),
    ):  # fmt: skip
        assert 10 ** axes_of(rows, [], 1.0)["extraction"] == pytest.approx(mixed)
    assert axes_of([], [], 1.0)["extraction"] == 0.0


@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=4))
@settings(deadline=None, max_examples=20)
def test_the_mean_over_the_works_does_not_depend_on_which_of_them_is_shown(sizes: list[int]) -> None:
    uses = tuple(use(loads=[n] * 6, workload=i) for i, n in enumerate(sizes))
    found = {
        round(judge(group(uses=order, handovers={}), population()).axes["extraction"], 9)
        for order in (uses, uses[::-1])
    }
    assert len(found) == 1


def test_the_signals_that_judging_names_exist() -> None:
    known = {signal.name: signal for signal in SIGNALS}
    assert {*HANDED_OVER, *TYING, *SOUGHT, PROBING} <= known.keys()
    averaged = {s.name for s in SIGNALS if (s.axis, s.block) == ("extraction", "content")}
    assert averaged == {*SOUGHT, *CONTENT} - {"works"}
    assert sum(CONTENT.values()) == pytest.approx(1.0) and sum(KINDS.values()) == pytest.approx(1.0)
    assert BLOCK_WEIGHT.keys() == {"coordination", "evasion"}
    assert all(0 < weight < 1 for weight in BLOCK_WEIGHT.values())
