"""What unrelated users send twice has an order of its own; a list that goes out twice, over a pool, convinces."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.sequence import NO_CONTENT, Sequence
from stillwatch.signals.ordered_slots import MIN_CONTENTS, SIGNAL, longest_increasing, passes
from tests.signals.makers import plain, population, upper_bound
from tests.signals.sequences import MIDNIGHT, group_of, lowered, pool, queue, renamed, sequence, week_later


def e_of(work: Sequence) -> float:
    return plain(SIGNAL.weigh(group_of(work), population()))


@given(st.lists(st.integers(0, 8), max_size=8))
def test_the_longest_increasing_run_is_that_of_its_definition(values: list[int]) -> None:
    def rises(chosen: tuple[int, ...]) -> bool:
        return all(a < b for a, b in pairwise(chosen))

    longest = max(n for n in range(len(values) + 1) if any(map(rises, combinations(values, n))) or n == 0)
    assert longest_increasing(np.array(values, dtype=float)) == longest


def test_by_chance_it_is_about_twice_the_root() -> None:
    found = [longest_increasing(np.random.default_rng(seed).random(2_500)) for seed in range(20)]
    assert 85 <= np.mean(found) <= 100


def independent(random: np.random.Generator) -> Sequence:
    """Ten users draw from a stock of eighty within some hours."""
    n = 60
    times = MIDNIGHT + random.uniform(0, 4 * 3600, n)
    return sequence(times, random.integers(0, 10, n), content=random.integers(1, 81, n))


def test_users_that_draw_from_one_stock_have_a_mean_of_at_most_one() -> None:
    random = np.random.default_rng(1)
    assert upper_bound(lowered([e_of(independent(random)) for _run in range(60)])) <= 1.15


def test_a_bank_that_everybody_goes_through_from_the_front_says_nothing() -> None:
    """Two evaluations run the same list one after the other, others lists of their own: the order is the bank's."""
    times = np.concatenate([MIDNIGHT + np.arange(60) * 30, MIDNIGHT + 4 * 3600 + np.arange(60) * 30])
    content = np.concatenate([np.arange(60), np.arange(60)]) + 1
    work = sequence(
        np.append(times, MIDNIGHT), np.append(np.arange(120) // 60, 2), content=np.append(content, 99)
    )
    assert e_of(work) == pytest.approx(1)


def test_weekly_exercises_of_a_class_keep_their_order_and_say_little() -> None:
    random = np.random.default_rng(2)
    week = np.arange(16)
    times = MIDNIGHT + week * 7 * 86400 + random.uniform(0, 86400, (2, 16))
    member = (np.arange(16) * 2 + np.arange(2)[:, None]) % 9
    work = sequence(times.ravel(), member.ravel(), content=np.tile(week + 1, 2))
    assert e_of(work) < 3


@pytest.mark.parametrize("lag", [20, 300])
def test_a_list_that_goes_out_twice_over_a_pool_convinces(lag: int) -> None:
    random = np.random.default_rng(3)
    first = pool(random, queue(random, 2, 150), 12, "random")
    n = len(first)
    again = sequence(
        first.time + lag, (first.member + 1 + random.integers(0, 11, n)) % 12, content=first.content
    )
    assert plain(SIGNAL.weigh(group_of(first, again), population())) >= 20


def test_only_what_two_members_sent_once_each_counts() -> None:
    work = sequence(np.arange(9.0), [0, 1, 0, 0, 0, 1, 2, 3, 0], content=[5, 5, 6, 6, 7, 7, 7, NO_CONTENT, 0])
    one, other = passes(work)
    assert work.content[one].tolist() == work.content[other].tolist() == [5]


def test_work_sent_once_says_nothing() -> None:
    random = np.random.default_rng(4)
    assert SIGNAL.weigh(group_of(pool(random, queue(random, 2, 150), 12, "random")), population()) is None
    few = np.arange(MIN_CONTENTS - 1)
    work = sequence(
        np.arange(2.0 * len(few)), np.arange(2 * len(few)) % 5, content=np.concatenate([few, few]) + 1
    )
    assert SIGNAL.weigh(group_of(work), population()) is None
    assert passes(sequence([], []))[0].tolist() == []


def test_neither_names_nor_whole_weeks_matter() -> None:
    work = independent(np.random.default_rng(9))
    assert e_of(renamed(work, list(reversed(range(10))))) == pytest.approx(e_of(work))
    assert e_of(week_later(work)) == pytest.approx(e_of(work), rel=1e-3)
