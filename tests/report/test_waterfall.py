"""The waterfall draws what was computed: the steps of a tree add up to its value, whatever the rows."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.campaigns.judging.axes import compose
from stillwatch.campaigns.model import Grounds
from stillwatch.evidence.row import AXES
from stillwatch.report.waterfall import SILENT, deciding_axis, steps, waterfall

from .makers import campaign, evidence, grounds

SIGNALS = {
    "extraction": ("harvest_shape", "sought_capability", "capability_concentration"),
    "evasion": ("x", "y"),
}


def row(axis: Any, block: Any, place: int, weight: float) -> Any:
    names = SIGNALS.get(axis, ("a", "b", "c"))
    block = "content" if axis == "extraction" else block
    return evidence(axis=axis, block=block, signal=names[place % len(names)], log10_e=weight)


rows = st.lists(
    st.builds(
        row,
        st.sampled_from(AXES),
        st.sampled_from(["network", "timing", "payment"]),
        st.integers(0, 2),
        st.floats(-30, 60),
    ),
    max_size=9,
    unique_by=lambda r: (r.axis, r.signal, r.block),
).map(tuple)
contra = st.lists(
    st.builds(
        lambda a, w: evidence(axis=a, signal="counter", log10_e=w), st.sampled_from(AXES), st.floats(-9, 1)
    ),
    max_size=3,
).map(tuple)


@settings(deadline=None)
@given(rows, contra, st.floats(0.05, 1.0), st.integers(1, 2))
def test_the_steps_are_the_parts_of_the_tree_and_add_up_to_the_tested_value(
    pro: tuple, counter: tuple, prior: float, readings: int
) -> None:
    trees = compose(pro, counter, prior, readings)
    axes = {axis: tree.log10_e for axis, tree in trees.items()}
    told = Grounds(needed=dict.fromkeys(AXES, 2.0), steps_from=2.0, composition=trees)
    found = campaign(evidence=pro, counter_evidence=counter, axes=axes, grounds=told)
    for axis in AXES:
        *parts, total = steps(found, axis)
        assert total.end == pytest.approx(axes[axis], abs=1e-4)
        own = [s for s in parts if s.kind not in ("part", "inner")]
        assert len(own) == len(trees[axis].parts)
        if own:
            assert own[0].start == 0.0
            assert own[-1].end == pytest.approx(axes[axis], abs=1e-6)
            assert all(a.end == b.start for a, b in itertools.pairwise(own))
        assert all(s.start == 0.0 and s.weight > SILENT for s in parts if s not in own)


def test_rows_that_are_averaged_stand_above_their_mean_and_one_alone_is_named_itself() -> None:
    pro = (
        evidence(signal="even_load", log10_e=6.0),
        evidence(signal="joint_window", log10_e=3.0),
        evidence(signal="shared_payment", block="payment", log10_e=4.0),
    )
    found = campaign(evidence=pro, grounds=grounds(pro))
    shown = [(s.name, s.kind) for s in steps(found, "coordination")]
    assert shown == [
        ("Even load", "part"),
        ("Joint window", "part"),
        ("Timing", "for"),
        ("Shared payment", "for"),
        ("Tested", "total"),
    ]
    assert steps(found, "coordination")[3].how == "+4.0, hedged at 25 %"


def test_the_factors_of_a_product_of_kinds_are_drawn_once() -> None:
    pro = (
        evidence(signal="harvest_shape", axis="extraction", block="content", log10_e=3.0),
        evidence(signal="sought_capability", axis="extraction", block="content", log10_e=2.0),
        evidence(signal="answer_pipeline", axis="extraction", block="responses", log10_e=2.0),
    )
    drawn = steps(campaign(evidence=pro, grounds=grounds(pro)), "extraction")
    names = [s.name for s in drawn]
    assert len(names) == len(set(names))
    assert {"Harvest shape", "Sought capability", "Answer pipeline", "Content × responses"} <= set(names)


def test_without_a_tree_the_rows_are_shown_and_nothing_is_claimed_of_their_sum() -> None:
    bare = campaign(grounds=None)
    for axis in AXES:
        *parts, total = steps(bare, axis)
        assert {s.kind for s in parts} <= {"part"}
        assert all(s.start == 0.0 for s in parts)
        assert total.weight == bare.axes[axis]


def test_the_axis_that_was_tested_is_marked() -> None:
    assert deciding_axis(campaign(grounds=None)) == "evasion"
    assert [a.axis for a in waterfall(campaign(grounds=None), 2.2).axes if a.decides] == ["evasion"]
    assert deciding_axis(campaign(log10_e=99.0)) is None
    alike = campaign(log10_e=4.0, axes=dict.fromkeys(AXES, 4.0), grounds=grounds((), needed={"evasion": 2.0}))
    assert deciding_axis(alike) == "evasion"


def test_the_cut_is_marked_only_where_there_is_one_and_each_axis_tells_its_own() -> None:
    bare = campaign(grounds=None)
    assert [label for _, label in waterfall(bare, 2.2).marks][:2] == ["0", "cut"]
    assert [label for _, label in waterfall(bare, None).marks] == ["0"]
    drawn = waterfall(campaign(), 2.2)
    assert [label for _, label in drawn.marks] == ["0", "consistent", "likely", "high"]
    assert all("had to reach" in axis.margin for axis in drawn.axes)
    assert all(axis.margin == "" for axis in waterfall(bare, 2.2).axes)


def test_an_axis_that_a_verdict_does_not_need_is_not_called_tested() -> None:
    related = campaign(verdict="related_accounts", grounds=grounds((), needed={"coordination": 2.0}))
    last = {axis: steps(related, axis)[-1].name for axis in AXES}
    assert last == {"coordination": "Tested", "extraction": "In all", "evasion": "In all"}
