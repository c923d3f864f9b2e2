"""What holds for turns, far apart or near: clocks of one's own have a mean of at most one, and say nothing."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.sequence import Sequence
from stillwatch.evidence.turns import TurnSignal
from stillwatch.signals import round_robin, sticky_runs
from tests.signals.makers import plain, population, upper_bound
from tests.signals.sequences import (
    MIDNIGHT,
    group_of,
    honest,
    lowered,
    program,
    renamed,
    sequence,
    users,
    week_later,
)

both = pytest.mark.parametrize("signal", [round_robin.SIGNAL, sticky_runs.SIGNAL], ids=lambda each: each.name)


def e_of(signal: TurnSignal, work: Sequence) -> float:
    return plain(signal.weigh(group_of(work), population()))


@both
def test_users_with_clocks_of_their_own_have_a_mean_of_at_most_one(signal: TurnSignal) -> None:
    random = np.random.default_rng(1)
    assert upper_bound(lowered([e_of(signal, honest(random, days=3)) for _run in range(250)])) <= 1.15


@pytest.mark.parametrize("period", [300.0, 1800.0])
@both
def test_programs_that_alternate_for_ever_say_nothing(signal: TurnSignal, period: float) -> None:
    random = np.random.default_rng(2)
    for _run in range(10):
        assert e_of(signal, users(*(program(random, 1, period) for _which in range(5)))) < 2


@both
def test_what_failed_counts_for_nothing_and_two_accounts_are_too_few(signal: TurnSignal) -> None:
    failed = sequence(MIDNIGHT + np.arange(60), np.arange(60) % 3, failed=np.ones(60, dtype=bool))
    assert signal.weigh(group_of(failed), population()) is None
    assert signal.weigh(group_of(sequence(MIDNIGHT + np.arange(60), np.arange(60) % 2)), population()) is None


@both
def test_neither_names_nor_whole_weeks_matter(signal: TurnSignal) -> None:
    work = honest(np.random.default_rng(9))
    assert e_of(signal, renamed(work, [6, 5, 4, 3, 2, 1, 0])) == pytest.approx(e_of(signal, work))
    assert e_of(signal, week_later(work)) == pytest.approx(e_of(signal, work), rel=1e-3)
