"""Clocks of one's own have a mean of at most one; accounts that wait for the turns of the others convince."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.sequence import Sequence
from stillwatch.signals.round_robin import SIGNAL
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


@pytest.mark.parametrize(("members", "a_day"), [(4, 60), (12, 120), (40, 400)])
def test_accounts_that_have_their_turns_convince(members: int, a_day: int) -> None:
    random = np.random.default_rng(3)
    assert e_of(pool(random, queue(random, 4, a_day), members, "round_robin")) >= 20


def test_sticky_accounts_speak_against_it() -> None:
    random = np.random.default_rng(4)
    assert e_of(pool(random, queue(random, 4, 120), 12, "sticky")) < 1


def test_one_lesson_does_not_convince() -> None:
    random = np.random.default_rng(5)
    own = [bursts(random, MIDNIGHT + 9 * 3600 + random.uniform(0, 2400, 3), 4, 60) for _who in range(12)]
    assert e_of(users(*own)) < 3


def test_what_failed_counts_for_nothing_and_two_accounts_are_too_few() -> None:
    failed = sequence(MIDNIGHT + np.arange(60), np.arange(60) % 3, failed=np.ones(60, dtype=bool))
    assert SIGNAL.weigh(group_of(failed), population()) is None
    assert SIGNAL.weigh(group_of(sequence(MIDNIGHT + np.arange(60), np.arange(60) % 2)), population()) is None


def test_neither_names_nor_whole_weeks_matter() -> None:
    work = honest(np.random.default_rng(9))
    assert e_of(renamed(work, [6, 5, 4, 3, 2, 1, 0])) == pytest.approx(e_of(work))
    assert e_of(week_later(work)) == pytest.approx(e_of(work), rel=1e-3)
