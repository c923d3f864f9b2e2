"""Clocks of one's own have a mean of at most one; a relay that goes from account to account convinces."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.jitter import first_logs
from stillwatch.evidence.sequence import Sequence
from stillwatch.signals.quota_relay import SIGNAL, edges, relays
from tests.signals.makers import plain, population, upper_bound
from tests.signals.sequences import (
    MIDNIGHT,
    bursts,
    group_of,
    honest,
    lowered,
    pool,
    queue,
    renamed,
    sequence,
    users,
    week_later,
)


def e_of(work: Sequence) -> float:
    return plain(SIGNAL.weigh(group_of(work), population()))


def test_users_with_clocks_of_their_own_have_a_mean_of_at_most_one() -> None:
    random = np.random.default_rng(1)
    assert upper_bound(lowered([e_of(honest(random, days=3)) for _run in range(250)])) <= 1.15


@pytest.mark.parametrize("schedule", ["fill_first", "sticky"])
def test_eight_accounts_that_hand_over_convince(schedule: str) -> None:
    random = np.random.default_rng(3)
    times = np.sort(MIDNIGHT + random.uniform(0, 4 * 86400, 1_200))
    assert e_of(pool(random, times, 8, schedule)) >= 20


def test_a_spread_pool_does_not() -> None:
    random = np.random.default_rng(4)
    assert e_of(pool(random, queue(random, 4, 200), 8, "round_robin")) < 2


def test_a_run_has_a_begin_and_an_end_unless_it_is_short() -> None:
    times = MIDNIGHT + np.array([0, 10, 20, 30, 40, 50, 60, 9_000, 9_010, 9_020])
    logs = first_logs(sequence(times, [0, 0, 0, 1, 1, 1, 2, 0, 0, 0]))
    begins, ends = edges(logs)
    assert np.flatnonzero(begins[0]).tolist() == [0, 3, 7]
    assert np.flatnonzero(ends[0]).tolist() == [2, 5, 9]
    met, _places = relays(logs)
    assert np.flatnonzero(met[0]).tolist() == [2] and met[0, 2] == pytest.approx(1 / (1 + 10 / 60))


def test_few_runs_members_picked_by_their_start_and_failures_say_nothing() -> None:
    random = np.random.default_rng(5)
    work = pool(random, np.sort(MIDNIGHT + random.uniform(0, 4 * 86400, 1_200)), 8, "fill_first")
    assert SIGNAL.weigh(group_of(work, picked_by_start=True), population()) is None
    once = users(*(bursts(random, np.array([MIDNIGHT + i * 3600]), 30, 5) for i in range(3)))
    assert SIGNAL.weigh(group_of(once), population()) is None
    failed = sequence(work.time, work.member, failed=np.ones(len(work), dtype=bool))
    assert SIGNAL.weigh(group_of(failed), population()) is None


def test_neither_names_nor_whole_weeks_matter() -> None:
    work = honest(np.random.default_rng(9))
    assert e_of(renamed(work, [6, 5, 4, 3, 2, 1, 0])) == pytest.approx(e_of(work))
    assert e_of(week_later(work)) == pytest.approx(e_of(work), rel=1e-3)
