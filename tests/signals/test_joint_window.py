"""Activity at times of one's own has mean at most one; a joint start and stop convinces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillwatch.evidence.group import MIN_WORK, Group, Population
from stillwatch.signals.joint_window import SIGNAL, directed, window_of
from tests.signals.makers import HOUR, NOON, bare_group, plain, population, upper_bound, use

DAY = 24 * HOUR


def independent(
    random: np.random.Generator, accounts: int, users: int, members: int
) -> tuple[Group, Population]:
    """A month in which everybody is active for a day or so of their own; some use the workload."""
    starts = NOON + random.uniform(0, 28 * DAY, accounts)
    ends = starts + random.exponential(DAY, accounts)
    loads = random.integers(MIN_WORK, 200, accounts)
    who, halves = random.choice(accounts, users, replace=False), random.integers(0, 2, users)
    inside, outside = who[:members], who[members:]
    work = use(
        loads=loads[inside],
        starts=starts[inside],
        ends=ends[inside],
        halves=halves[:members],
        outside_loads=loads[outside],
        outside_starts=starts[outside],
        outside_ends=ends[outside],
        outside_halves=halves[members:],
    )
    group = bare_group(accounts=np.sort(inside), uses=(work,))
    return group, population(size=accounts, loads=loads, starts=starts, ends=ends)


@pytest.mark.parametrize(("accounts", "users", "members"), [(300, 10, 10), (300, 20, 20), (1000, 20, 20)])
def test_users_active_at_times_of_their_own_have_a_mean_of_at_most_one(
    accounts: int, users: int, members: int
) -> None:
    random = np.random.default_rng(1)
    e = [plain(SIGNAL.weigh(*independent(random, accounts, users, members))) for _run in range(800)]
    assert upper_bound(e) <= 1.15  # three standard errors are a tenth here


def joint(members: int, seconds: float, **said: object) -> Group:
    """Members that start and end within `seconds` of each other, six hours of work between."""
    random = np.random.default_rng(5)
    starts = NOON + 10 * DAY + random.uniform(0, seconds, members)
    work = use(
        loads=[30] * members,
        starts=starts,
        ends=starts + 6 * HOUR,
        outside_loads=[],
        outside_halves=np.zeros(0, dtype=np.int64),
        **said,
    )
    return bare_group(accounts=np.arange(members), uses=(work,))


def test_twelve_accounts_that_start_and_stop_within_minutes_convince() -> None:
    assert plain(SIGNAL.weigh(joint(12, 600), population())) >= 20


def test_members_spread_over_the_log_do_not() -> None:
    assert plain(SIGNAL.weigh(joint(12, 20 * DAY), population())) < 20


def test_users_outside_the_group_who_come_at_other_times_take_away_from_it() -> None:
    alone = joint(12, 600)
    strangers = NOON + np.arange(12) * 2 * DAY
    beside = use(
        loads=alone.uses[0].loads,
        starts=alone.uses[0].starts,
        ends=alone.uses[0].ends,
        outside_loads=[30] * 12,
        outside_starts=strangers,
        outside_ends=strangers + HOUR,
        outside_halves=np.arange(12) % 2,
    )
    for half in (0, 1):
        crowded, before = (directed(work, population(), half) for work in (beside, alone.uses[0]))
        assert crowded is not None and before is not None
        assert crowded[0] < before[0]


def test_the_window_is_named_by_the_one_half_and_tested_on_the_other() -> None:
    group = joint(12, 600)
    moved = np.where(group.uses[0].halves == 1, 5 * DAY, 0.0)
    apart = use(loads=[30] * 12, starts=group.uses[0].starts + moved, ends=group.uses[0].ends + moved)
    for half in (0, 1):
        way = directed(apart, population(), half)
        assert way is not None
        assert way[1] == 0  # none of the other half inside
        assert way[0] < 0


def test_accounts_with_hardly_any_requests_name_no_window() -> None:
    assert window_of(use(loads=[MIN_WORK - 1] * 10), 0) is None


def test_a_window_needs_members_in_both_halves() -> None:
    one_half = use(halves=np.zeros(10, dtype=np.int64))
    assert SIGNAL.weigh(bare_group(uses=(one_half,)), population()) is None
    assert SIGNAL.weigh(bare_group(uses=(use(loads=[40]),)), population()) is None


def test_members_picked_by_their_start_say_nothing() -> None:
    picked = replace(joint(12, 600), picked_by_start=True)
    assert SIGNAL.weigh(picked, population()) is None
