"""Clocks of one's own have a mean of at most one; a queue's bursts, spread over accounts, convince."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.sequence import Pace, Sequence
from stillwatch.signals.joint_bursts import SIGNAL, unusual
from tests.signals.makers import plain, population, upper_bound
from tests.signals.sequences import (
    DAY,
    MIDNIGHT,
    bursts,
    group_of,
    honest,
    lowered,
    person,
    pool,
    program,
    queue,
    renamed,
    sequence,
    users,
    week_later,
)


def e_of(work: Sequence, **said: object) -> float:
    return plain(SIGNAL.weigh(group_of(work, **said), population()))


def test_users_with_clocks_of_their_own_have_a_mean_of_at_most_one() -> None:
    random = np.random.default_rng(1)
    assert upper_bound(lowered([e_of(honest(random, days=3)) for _run in range(250)])) <= 1.15


def test_programs_with_one_period_have_a_mean_of_at_most_one() -> None:
    """The edge of the null: their phases are the only chance there is, and meet for ever where they meet."""
    random = np.random.default_rng(2)
    found = [e_of(users(*(program(random, 3) for _which in range(4)))) for _run in range(250)]
    assert upper_bound(lowered(found)) <= 1.15


def test_users_of_one_office_have_a_mean_of_at_most_one() -> None:
    """Everybody keeps the same hours, and comes within the hour: the hour of the day is part of the null."""
    random = np.random.default_rng(3)

    def colleague() -> np.ndarray:
        starts = MIDNIGHT + np.arange(4) * DAY + (9 + random.uniform(0, 8, (5, 4))) * 3600
        return bursts(random, starts.ravel(), 4, 60.0)

    found = [e_of(users(*(colleague() for _who in range(6)))) for _run in range(300)]
    assert upper_bound(lowered(found)) <= 1.2


@pytest.mark.parametrize("schedule", ["random", "round_robin"])
def test_twelve_accounts_on_a_bursty_queue_convince(schedule: str) -> None:
    random = np.random.default_rng(4)
    assert e_of(pool(random, queue(random, 4, 90), 12, schedule)) >= 100


def test_one_lesson_does_not() -> None:
    random = np.random.default_rng(5)
    own = [bursts(random, MIDNIGHT + 9 * 3600 + random.uniform(0, 2400, 3), 4, 60) for _who in range(12)]
    assert e_of(users(*own)) < 3


def test_bursts_of_everybody_count_for_less() -> None:
    random = np.random.default_rng(6)
    outages = MIDNIGHT + np.arange(12) * 7 * 3600 + 3 * 3600 + 600
    again = np.sort(outages[:, None] + random.uniform(0, 50, (12, 5)), axis=0)
    work = users(*(np.concatenate([again[:, i], person(random, 4)]) for i in range(5)))
    counts = np.full(4 * 24 * 60, 10)
    counts[((outages - MIDNIGHT) // 60).astype(int)] = 400
    minute = int(MIDNIGHT // 60) + np.arange(len(counts))
    calm = population(pace=Pace(minute, np.full_like(counts, 10)))
    surging = population(pace=Pace(minute, counts))
    assert plain(SIGNAL.weigh(group_of(work), calm)) > 100
    assert plain(SIGNAL.weigh(group_of(work), surging)) < 3


def test_the_members_own_bursts_are_no_surge_of_the_others() -> None:
    work = sequence(MIDNIGHT + np.arange(100) * 0.5, np.arange(100) % 4)
    _first, weights = unusual(work, Pace(np.array([int(MIDNIGHT // 60)]), np.array([100])))
    assert (weights == 1).all()


def test_failed_exchanges_are_left_out_and_where_conversations_passed_later_turns_too() -> None:
    random = np.random.default_rng(7)
    times = queue(random, 4, 90)
    n = len(times)
    failed = sequence(times, random.integers(0, 12, n), failed=np.ones(n, dtype=bool))
    assert SIGNAL.weigh(group_of(failed), population()) is None
    later = sequence(times, random.integers(0, 12, n), opening=np.zeros(n, dtype=bool))
    assert SIGNAL.weigh(group_of(later, origin="handover"), population()) is None
    assert e_of(later) >= 100


def test_a_log_of_many_years_has_some_wrong_times_and_is_not_weighed() -> None:
    work = sequence(np.append(np.arange(40.0), MIDNIGHT), np.arange(41) % 5)
    assert SIGNAL.weigh(group_of(work), population()) is None


def test_members_picked_by_their_start_say_nothing() -> None:
    random = np.random.default_rng(8)
    work = pool(random, queue(random, 4, 90), 12, "random")
    assert SIGNAL.weigh(group_of(work, picked_by_start=True), population()) is None
    assert SIGNAL.weigh(group_of(sequence(MIDNIGHT + np.arange(40), np.arange(40) % 2)), population()) is None


def test_neither_names_nor_whole_weeks_nor_the_order_of_workloads_matter() -> None:
    random = np.random.default_rng(9)
    work = honest(random)
    before = e_of(work)
    assert e_of(renamed(work, [6, 5, 4, 3, 2, 1, 0])) == pytest.approx(before)
    assert e_of(week_later(work)) == pytest.approx(before, rel=1e-3)
    odd = np.arange(len(work)) % 2 == 1
    one, other = group_of(work.take(odd), work.take(~odd)), group_of(work.take(~odd), work.take(odd))
    assert plain(SIGNAL.weigh(one, population())) == pytest.approx(before)
    assert plain(SIGNAL.weigh(other, population())) == pytest.approx(before)
