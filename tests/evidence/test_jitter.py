"""Moving accounts against each other: every log is as likely as the one seen, so the mean e-value is one."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence import jitter
from stillwatch.evidence.jitter import (
    MIN_EXCHANGES,
    ROWS,
    Logs,
    bounded,
    by_occasion,
    first_logs,
    moves,
    soft_rank,
    to_hidden,
    trimmed,
    weigh,
    window_of,
)
from tests.signals.makers import upper_bound
from tests.signals.sequences import (
    DAY,
    MIDNIGHT,
    bursts,
    honest,
    lowered,
    program,
    renamed,
    sequence,
    users,
    week_later,
)


def nearness(logs: Logs) -> tuple[np.ndarray, np.ndarray]:
    return logs.switches / (1 + logs.gaps / 5), logs.places[:, 1:]


@pytest.mark.parametrize("scale", [0.01, 1.0, 50.0])
def test_over_which_log_was_seen_the_mean_is_exactly_one(scale: float) -> None:
    values = np.random.default_rng(1).exponential(scale, 40)
    assert np.mean([10 ** soft_rank(np.roll(values, -i)) for i in range(len(values))]) == pytest.approx(1)


def test_an_outlier_convinces_and_what_no_move_changes_says_nothing() -> None:
    assert soft_rank(np.concatenate([[9.0], np.random.default_rng(2).normal(0, 1, 199)])) > 2
    assert soft_rank(np.ones(200)) == 0


def test_seen_and_moved_are_as_far_from_the_hidden_log() -> None:
    steps, hidden = moves(30, 4_000), to_hidden(30)
    assert (steps[0] == 0).all()
    assert (np.abs(steps - hidden) <= jitter.WIDTH / 2).all()
    assert np.abs((steps[1:] - hidden).mean()) < 10


def test_a_move_keeps_every_gap_of_an_account() -> None:
    logs = first_logs(honest(np.random.default_rng(4)))
    begin, end = window_of(logs.times[0])
    by_place = np.take_along_axis(logs.times, np.argsort(logs.places, axis=1), axis=1)  # (rows, n) as seen
    for account in range(int(logs.accounts.max()) + 1):
        own = np.diff(by_place[:, logs.accounts[0] == account], axis=1)
        apart = np.abs(own - own[0])  # but for a whole window, where an account's work wraps around
        assert np.isclose(np.minimum(apart, end - begin - apart), 0, atol=1e-4).all()
    assert (np.sort(logs.accounts, axis=1) == np.sort(logs.accounts[0])).all()
    assert (np.diff(logs.times, axis=1) >= 0).all()


def test_the_first_log_is_the_one_seen() -> None:
    logs = first_logs(sequence(MIDNIGHT + np.arange(12) * 60, np.arange(12) % 3))
    assert logs.accounts[0].tolist() == [0, 1, 2] * 4
    assert logs.places[0].tolist() == list(range(12))
    assert logs.turns[0][0].tolist() == [3] * 9 and sorted(logs.turns[1][0].tolist()) == list(range(3, 12))
    assert logs.switches[0].all() and np.allclose(logs.gaps[0], 60)


def test_the_loudest_occasion_is_left_out() -> None:
    sums = np.array([[9.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 2.0, 0.0]])
    excess = sums - sums.mean(axis=0)
    assert trimmed(sums)[0] == pytest.approx(excess[0, 1] + excess[0, 2])
    assert (trimmed(sums[:, :1]) == 0).all()


def test_what_is_summed_by_occasion_is_all_there_is() -> None:
    work = honest(np.random.default_rng(5))
    parts, places = nearness(first_logs(work))
    sums = by_occasion(work, parts, places)
    assert sums.shape[0] == ROWS and sums.shape[1] > 4
    assert np.allclose(sums.sum(axis=1), parts.sum(axis=1))


def test_too_little_work_or_one_account_is_not_weighed() -> None:
    few = sequence(MIDNIGHT + np.arange(MIN_EXCHANGES - 1), np.arange(MIN_EXCHANGES - 1) % 3)
    alone = sequence(MIDNIGHT + np.arange(50), np.zeros(50))
    once = sequence(MIDNIGHT + np.arange(50), np.arange(50))
    assert weigh(few, nearness) is None and weigh(alone, nearness) is None
    assert weigh(once, lambda logs: (np.log(logs.turns[0]), logs.turns[1])) is None


def test_names_and_whole_weeks_change_nothing() -> None:
    work = honest(np.random.default_rng(6))
    before = weigh(work, nearness)
    assert before is not None
    for other in (renamed(work, [4, 2, 6, 0, 1, 5, 3]), week_later(work)):
        after = weigh(other, nearness)
        assert after is not None and after.log10_e == pytest.approx(before.log10_e, abs=1e-6)


def test_what_is_looked_at_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    work = honest(np.random.default_rng(7), days=6)
    monkeypatch.setattr(jitter, "MOST", len(work) // 3)
    kept = bounded(work)
    assert 0 < len(kept) < len(work) / 2
    occasions = np.unique(np.floor(kept.time / jitter.OCCASION))
    assert len(kept) == np.isin(np.floor(work.time / jitter.OCCASION), occasions).sum()  # whole ones


def test_users_with_clocks_of_their_own_have_a_mean_of_at_most_one() -> None:
    random = np.random.default_rng(8)
    found = [weigh(honest(random, days=3), nearness) for _run in range(200)]
    assert upper_bound(lowered([1.0 if w is None else 10**w.log10_e for w in found])) <= 1.15


def test_programs_that_run_at_the_same_second_for_ever_are_one_chance_and_not_many() -> None:
    """The edge of the null: nothing but programs with one period, whose phases are the only chance there is."""
    random = np.random.default_rng(9)
    found = [weigh(users(*(program(random, 4) for _which in range(4))), nearness) for _run in range(200)]
    assert upper_bound(lowered([1.0 if w is None else 10**w.log10_e for w in found])) <= 1.15


def test_a_queue_s_bursts_spread_over_accounts_convince() -> None:
    random = np.random.default_rng(10)
    times = bursts(random, MIDNIGHT + random.uniform(0, 4 * DAY, 60), 6, 20.0)
    found = weigh(sequence(times, random.integers(0, 8, len(times))), nearness)
    assert found is not None and found.log10_e > 2 and found.seen > found.moved
