"""What begins after stops: counted against the log, own papers and one's own stop aside."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.measuring.replacements import WITHIN, count_inside, newcomers, replacements_of

HOUR, DAY = 3600.0, 86_400.0
NEVER = np.nan
OTHERS = 100


def replaced(begun, created, stopped, papers=(), others=()):
    """Members' lives among OTHERS old accounts and those of `others`, which begin then and were made just before."""
    begun, created, stopped = (np.array(values, dtype=float) for values in (begun, created, stopped))
    everybody = np.concatenate([begun, np.full(OTHERS, 50 * DAY), np.array(others, dtype=float)])
    made = np.concatenate([created, np.full(OTHERS, -300 * DAY), np.array(others, dtype=float) - HOUR])
    return replacements_of(
        begun, created, stopped, [np.array(p) for p in papers], newcomers(everybody, made), len(everybody)
    )


def test_new_members_right_after_a_stop_step_in() -> None:
    spans = replaced([0, 0, 5 * DAY + HOUR], [-9 * DAY, -9 * DAY, 5 * DAY], [5 * DAY, NEVER, NEVER])
    assert [s.within for s in spans] == list(WITHIN)
    assert [s.stepped_in for s in spans] == [1, 1, 1]
    assert {(s.stops, s.others, s.openly, s.before) for s in spans} == {(1, 2, 0, 0)}


def test_the_wider_span_sees_the_later_one() -> None:
    spans = replaced([0, 7 * DAY], [-9 * DAY, 7 * DAY - HOUR], [5 * DAY, NEVER])
    assert [s.stepped_in for s in spans] == [0, 0, 1]


def test_accounts_made_long_before_are_not_new() -> None:
    spans = replaced([0, 5 * DAY + HOUR], [-9 * DAY, -9 * DAY], [5 * DAY, NEVER])
    assert [s.stepped_in for s in spans] == [0, 0, 0]


def test_where_sign_ups_are_unknown_the_first_request_is_the_beginning() -> None:
    spans = replaced([0, 5 * DAY + HOUR], [NEVER, NEVER], [5 * DAY, NEVER])
    assert [s.stepped_in for s in spans] == [1, 1, 1]


def test_who_shows_a_paper_of_one_stopped_before_comes_back_openly() -> None:
    life = ([0, 0, 5 * DAY + HOUR], [-9 * DAY, -9 * DAY, 5 * DAY], [5 * DAY, NEVER, NEVER])
    spans = replaced(*life, papers=([-1, -1, -1], [7, 8, 7]))
    assert {(s.stepped_in, s.openly) for s in spans} == {(0, 1)}
    of_another = replaced(*life, papers=([-1, -1, -1], [7, 8, 8]))
    assert {(s.stepped_in, s.openly) for s in of_another} == {(1, 0)}


def test_a_paper_of_one_stopped_later_tells_nothing() -> None:
    life = ([0, 5 * DAY + HOUR, 0], [-9 * DAY, 5 * DAY, -9 * DAY], [5 * DAY, NEVER, 6 * DAY])
    spans = replaced(*life, papers=([1, 2, 2],))
    assert {(s.stepped_in, s.openly) for s in spans} == {(1, 0)}


def test_a_chain_of_bans_counts_each_that_steps_in_and_no_own_stop() -> None:
    starts = [0, DAY, 2 * DAY]
    spans = replaced(starts, [-9 * DAY, DAY - HOUR, 2 * DAY - HOUR], [DAY - HOUR, 2 * DAY - HOUR, NEVER])
    assert [s.stepped_in for s in spans] == [2, 2, 2]
    assert {s.before for s in spans} == {0}
    own = replaced([0, DAY], [-9 * DAY, DAY - HOUR], [9 * DAY, DAY + HOUR])
    assert {s.before for s in own} == {0}


def test_members_that_began_as_long_before_a_stop_are_the_usual_growth() -> None:
    spans = replaced([0, 5 * DAY - HOUR, 5 * DAY - 2 * HOUR], [-9 * DAY, 5 * DAY - 2 * HOUR, 4.9 * DAY],
                     [5 * DAY, NEVER, NEVER])  # fmt: skip
    assert [s.before for s in spans] == [2, 2, 2]
    assert {s.stepped_in for s in spans} == {0}


def test_outsiders_that_begin_within_the_same_times_are_counted() -> None:
    life = ([0, 0], [-9 * DAY, -9 * DAY], [5 * DAY, NEVER])
    spans = replaced(*life, others=(5 * DAY + HOUR, 6.5 * DAY, 20 * DAY))
    assert [s.outside_begun for s in spans] == [1, 1, 2]
    assert {s.outside for s in spans} == {OTHERS + 3}


def test_nothing_is_said_where_nobody_was_stopped_or_nobody_is_left() -> None:
    assert replaced([0, 1], [0, 0], [NEVER, NEVER]) == ()
    assert replaced([0], [0], [5 * DAY]) == ()


@given(
    at=st.lists(st.floats(0, 50, allow_nan=False), max_size=30),
    opens=st.lists(st.integers(0, 50), max_size=8),
    within=st.floats(0.1, 20),
)
def test_what_lies_in_overlapping_spans_counts_once(at: list[float], opens: list[int], within: float) -> None:
    stops = np.sort(np.array(opens, dtype=float))
    expected = sum(any(t < value <= t + within for t in stops) for value in at)
    assert count_inside(np.sort(np.array(at, dtype=float)), stops, within) == expected
