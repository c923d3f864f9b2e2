"""Sequences of a group: one order whatever the order of the parts, and the log's pace beside them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.sequence import NOTHING, Pace, Sequence, finished, merged
from tests.signals.sequences import sequence


def rows(work: Sequence) -> list[tuple[float, int, int, bool]]:
    return list(
        zip(
            work.time.tolist(), work.member.tolist(), work.content.tolist(), work.failed.tolist(), strict=True
        )
    )


EXCHANGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(1, 4)), max_size=12)


@given(parts=st.lists(EXCHANGES, max_size=4))
def test_parts_merge_to_one_order_of_time_whatever_order_they_come_in(
    parts: list[list[tuple[int, int, int]]],
) -> None:
    held = [
        sequence([t for t, _m, _c in p], [m for _t, m, _c in p], content=[c for _t, _m, c in p])
        for p in parts
    ]
    one, other = merged(held), merged([None, *reversed(held)])
    assert rows(one) == rows(other)
    assert len(one) == sum(len(p) for p in parts)
    assert (np.diff(one.time) >= 0).all()


def test_nothing_merged_is_nothing() -> None:
    assert len(merged([])) == len(NOTHING) == 0
    assert NOTHING.members == 0


def test_what_failed_does_not_count_as_finished_nor_later_turns_as_openings() -> None:
    work = sequence([1, 2, 3], [0, 1, 2], failed=[True, False, False], opening=[True, True, False])
    assert finished([work]).member.tolist() == [1, 2]
    assert finished([work, None], openings=True).member.tolist() == [1]


def test_the_pace_outside_the_log_is_none() -> None:
    pace = Pace(np.array([10, 11, 12]), np.array([3, 4, 5]))
    assert pace.among(8, 12).tolist() == [0, 0, 3, 4]
    assert pace.among(12, 15).tolist() == [5, 0, 0]
    assert pace.among(20, 22).tolist() == [0, 0] and pace.among(5, 5).tolist() == []
