"""Clocks of one's own have a mean of at most one; accounts that work one at a time convince."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.sequence import Sequence
from stillwatch.signals.sticky_runs import SIGNAL
from tests.signals.makers import plain, population, upper_bound
from tests.signals.sequences import (
    MIDNIGHT,
    bursts,
    group_of,
    honest,
    lowered,
    pool,
    program,
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


@pytest.mark.parametrize("period", [300.0, 1800.0])
def test_programs_that_alternate_for_ever_say_nothing(period: float) -> None:
    random = np.random.default_rng(2)
    for _run in range(10):
        assert e_of(users(*(program(random, 1, period) for _which in range(5)))) < 2


@pytest.mark.parametrize("members", [12, 24])
def test_an_account_an_hour_convinces(members: int) -> None:
    random = np.random.default_rng(3)
    assert e_of(pool(random, queue(random, 4, 400), members, "sticky")) >= 20


def test_turns_and_random_choice_speak_against_it() -> None:
    random = np.random.default_rng(4)
    for schedule in ("random", "round_robin"):
        assert e_of(pool(random, queue(random, 4, 160), 12, schedule)) < 1


def test_long_sessions_of_unrelated_people_do_not_convince() -> None:
    random = np.random.default_rng(5)
    for _run in range(5):
        own = [bursts(random, MIDNIGHT + random.uniform(0, 4 * 86400, 4), 25, 90) for _who in range(8)]
        assert e_of(users(*own)) < 20


def test_what_failed_counts_for_nothing_and_two_accounts_are_too_few() -> None:
    failed = sequence(MIDNIGHT + np.arange(60), np.arange(60) % 3, failed=np.ones(60, dtype=bool))
    assert SIGNAL.weigh(group_of(failed), population()) is None
    assert SIGNAL.weigh(group_of(sequence(MIDNIGHT + np.arange(60), np.arange(60) % 2)), population()) is None


def test_neither_names_nor_whole_weeks_matter() -> None:
    work = honest(np.random.default_rng(9))
    assert e_of(renamed(work, [6, 5, 4, 3, 2, 1, 0])) == pytest.approx(e_of(work))
    assert e_of(week_later(work)) == pytest.approx(e_of(work), rel=1e-3)
