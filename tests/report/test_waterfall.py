"""The steps of the waterfall add up to the tested value, whatever the rows."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.evidence.row import AXES
from stillwatch.report.waterfall import SHOWN_DIFFERENCE, block_mean, deciding_axis, steps, waterfall

from .makers import campaign, evidence

rows = st.lists(
    st.builds(
        lambda axis, block, weight: evidence(axis=axis, block=block, log10_e=weight),
        st.sampled_from(AXES),
        st.sampled_from(["network", "timing", "content"]),
        st.floats(-30, 3000),
    ),
    max_size=8,
).map(tuple)


@settings(deadline=None)
@given(rows, rows, st.floats(-10, 500))
def test_the_steps_add_up_to_the_tested_value(pro: tuple, contra: tuple, tested: float) -> None:
    found = campaign(evidence=pro, counter_evidence=contra, axes=dict.fromkeys(AXES, tested))
    for axis in AXES:
        *parts, total = steps(found, axis)
        assert total.end == pytest.approx(tested, abs=1e-4)
        parts = [s for s in parts if s.kind != "part"]
        if parts:
            assert parts[0].start == 0.0
            assert parts[-1].end == pytest.approx(tested, abs=SHOWN_DIFFERENCE + 1e-6)
            assert all(a.end == b.start for a, b in itertools.pairwise(parts))


def test_rows_of_one_block_are_averaged_not_multiplied() -> None:
    both = [evidence(log10_e=3.0), evidence(log10_e=3.0)]
    assert block_mean(both) == pytest.approx(3.0)
    assert block_mean([evidence(log10_e=3.0), evidence(log10_e=-math.inf)]) == pytest.approx(
        3.0 - math.log10(2)
    )


def test_blocks_of_coordination_and_evasion_are_steps_of_their_own_as_they_are_judged() -> None:
    for axis in AXES:
        found = campaign(
            evidence=tuple(evidence(axis=axis, block=b, log10_e=3.0) for b in ("network", "payment")),
            counter_evidence=(),
            axes=dict.fromkeys(AXES, 6.0),
        )
        added = [step for step in steps(found, axis) if step.kind == "for"]
        assert len(added) == (1 if axis == "extraction" else 2)


def test_the_axis_that_was_tested_is_marked() -> None:
    assert deciding_axis(campaign()) == "evasion"
    assert [a.axis for a in waterfall(campaign(), 2.2).axes if a.decides] == ["evasion"]
    assert deciding_axis(campaign(log10_e=99.0)) is None


def test_the_cut_is_marked_only_where_there_is_one() -> None:
    assert [label for _, label in waterfall(campaign(), 2.2).marks][:2] == ["0", "cut"]
    assert [label for _, label in waterfall(campaign(), None).marks] == ["0"]
