"""What was examined and not reported is told, with the reason that weighs most."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stillwatch.campaigns.judging import Outcome
from stillwatch.campaigns.telling.innocent import MOST_EXAMINED, examined
from tests.campaigns.makers import judged, tie
from tests.report.makers import evidence
from tests.signals.makers import bare_group


def outcome(*innocent) -> Outcome:
    return Outcome((), tuple(innocent), 9, 3, 2.5)


def group(size: int, first: int = 0):
    return bare_group(accounts=np.arange(first, first + size))


def test_the_strongest_counter_evidence_is_the_reason() -> None:
    rows = [
        evidence(signal="public_tool", log10_e=-2.0, summary="many use it"),
        evidence(log10_e=-5.0, summary="one firm"),
    ]
    (only,) = examined(outcome(judged(group(4), {"coordination": 9.0}, [tie()], rows)))
    assert only.reason == "one firm"
    assert (only.accounts, len(only.evidence), len(only.counter_evidence)) == (4, 1, 2)


def test_without_any_the_axis_that_lacks_most_is_named_with_what_it_needed() -> None:
    for axis, words in (
        ("coordination", "one operator"),
        ("extraction", "training data"),
        ("evasion", "strangers"),
    ):
        axes = {"coordination": 9.0, "extraction": 9.0, "evasion": 9.0} | {axis: 0.25}
        (only,) = examined(outcome(judged(group(4), axes)))
        assert words in only.reason and "0.2" in only.reason and "2.5" in only.reason
        assert only.axes == axes


def test_the_nearest_come_first_in_any_order_and_no_more_than_can_be_read() -> None:
    rows = [judged(group(2 + i % 3, 5 * i), {"coordination": float(i % 7)}) for i in range(40)]
    found = examined(outcome(*rows))
    assert found == examined(outcome(*rows[::-1]))
    assert len(found) == MOST_EXAMINED
    assert [f.axes["coordination"] for f in found] == sorted(
        (f.axes["coordination"] for f in found), reverse=True
    )
    assert examined(outcome()) == () and examined(replace(outcome(rows[0]), cut=9.0))
