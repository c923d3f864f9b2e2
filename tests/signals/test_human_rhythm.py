"""Hours dealt from one queue have mean at most one; hours of one's own speak against coordination."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillwatch.evidence.group import Group
from stillwatch.signals.human_rhythm import DAYS, MOST_OFF, SIGNAL, own_hours
from tests.signals.lives import lifecycle, rhythm
from tests.signals.makers import bare_group, population, upper_bound, use

MEMBERS = 12


def dealt(random: np.random.Generator, shares: np.ndarray, slots: int = 25) -> np.ndarray:
    """Hours of members whose work comes from one queue with these hours."""
    return random.multinomial(slots, shares / shares.sum(), MEMBERS)


def people(random: np.random.Generator, slots: int = 25) -> np.ndarray:
    """Hours of people who each work a day of nine hours, beginning when they like."""
    begin = random.integers(0, 24, MEMBERS)
    hours = np.zeros((MEMBERS, 24), dtype=np.int64)
    for member, first in enumerate(begin):
        np.add.at(hours[member], (first + random.integers(0, 9, slots)) % 24, 1)
    return hours


def asking(hours: np.ndarray, days: int = 6, followed_up: float = 0.5) -> Group:
    work = use(holders=MEMBERS)
    work = replace(work, openings=round((1 - followed_up) * work.exchanges))
    lives = lifecycle(MEMBERS, rhythms={work.workload: rhythm(hours, days)})
    return bare_group(accounts=np.arange(MEMBERS), uses=(work,), lifecycle=lives)


@pytest.mark.parametrize("night", [1.0, 0.05], ids=["round the clock", "by day"])
@pytest.mark.parametrize("slots", [6, 25, 90])
def test_work_dealt_from_one_queue_has_a_mean_factor_of_at_most_one(night: float, slots: int) -> None:
    random = np.random.default_rng(2)
    shares = np.array([1.0] * 10 + [night] * 14)
    assert upper_bound([10 ** own_hours(dealt(random, shares, slots)) for _run in range(300)]) <= 1


def test_a_pool_that_shapes_its_day_is_not_helped() -> None:
    random = np.random.default_rng(4)
    hours = dealt(random, np.array([1.0] * 10 + [0.05] * 14))
    assert SIGNAL.weigh(asking(hours), population()) is None


def test_accounts_that_take_turns_by_the_hour_are_not_helped() -> None:
    """A relay that sticks to one account for an hour: each is busy in few hours, but in others every day."""
    random = np.random.default_rng(5)
    hours = np.array([np.bincount(random.permutation(24)[:7], minlength=24) for _m in range(MEMBERS)])
    assert SIGNAL.weigh(asking(hours), population()) is None


def test_people_with_hours_of_their_own_are_helped_and_not_without_bound() -> None:
    row = SIGNAL.weigh(asking(people(np.random.default_rng(6))), population())
    assert row is not None
    assert row.axis == "coordination" and row.log10_e == -MOST_OFF


def test_no_time_zone_matters() -> None:
    hours = people(np.random.default_rng(7))
    turned = np.roll(hours, 9, axis=1)
    assert own_hours(turned) == pytest.approx(own_hours(hours))


def test_the_order_of_members_does_not_matter() -> None:
    random = np.random.default_rng(8)
    hours = people(random)
    assert own_hours(random.permutation(hours)) == pytest.approx(own_hours(hours))


def test_single_questions_a_day_or_two_and_a_few_members_say_nothing() -> None:
    hours = people(np.random.default_rng(9))
    assert SIGNAL.weigh(asking(hours, followed_up=0.1), population()) is None
    assert SIGNAL.weigh(asking(hours, days=DAYS - 1), population()) is None
    few = np.where(np.arange(MEMBERS)[:, None] < 4, hours, 0)
    lives = lifecycle(MEMBERS, rhythms={1: rhythm(few[:4])})
    assert SIGNAL.weigh(replace(asking(hours), lifecycle=lives), population()) is None


def test_without_hours_it_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(), population()) is None
    assert SIGNAL.weigh(bare_group(uses=(use(),), lifecycle=lifecycle(rhythms={})), population()) is None
