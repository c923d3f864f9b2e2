"""Old, paying accounts with work of their own speak against evasion; bought ones that do nothing else do not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from stillwatch.signals.account_age import MOST_OFF, SIGNAL, THROWAWAY
from tests.signals.lives import DAY, NOON, lifecycle
from tests.signals.makers import bare_group, population

MEMBERS = 10


def weigh(settled: int = MEMBERS, **said: object) -> float:
    """So many of ten members are two years old and busy with other work; the rest are new and are not."""
    old = np.arange(MEMBERS) < settled
    plausible = {
        "created": np.where(old, NOON - 700 * DAY, NOON - 9 * DAY),
        "elsewhere": np.where(old, 0.9, 0.0),
        "usual_age": 100.0,
    }
    row = SIGNAL.weigh(bare_group(lifecycle=lifecycle(MEMBERS, **plausible | said)), population())
    return 0.0 if row is None else row.log10_e


def test_members_with_a_life_of_their_own_are_helped_and_not_without_bound() -> None:
    assert weigh() == -MOST_OFF


@pytest.mark.parametrize(
    "said",
    [
        {"elsewhere": np.zeros(MEMBERS)},
        {"paying": np.zeros(MEMBERS, dtype=bool)},
        {"created": np.full(MEMBERS, NOON - 20 * DAY)},
        {"created": np.full(MEMBERS, np.nan)},
        {"usual_age": float("nan")},
    ],
    ids=["nothing but the group's work", "paid nothing", "new", "unknown", "unknown population"],
)
def test_age_alone_or_work_alone_does_not(said: dict[str, object]) -> None:
    assert weigh(**said) == 0


def test_one_old_account_gives_no_pool_a_free_pass() -> None:
    assert weigh(settled=1) == 0


def test_what_is_taken_off_a_throwaway_pool_has_a_bounded_mean() -> None:
    chance = binom(MEMBERS, THROWAWAY).pmf(np.arange(MEMBERS + 1))
    factors = np.array([10 ** -weigh(settled=k) for k in range(MEMBERS + 1)])
    assert chance @ np.where(factors > 1, factors, 0) <= 1


def test_a_shift_of_all_times_changes_nothing() -> None:
    moved = {"first": np.full(MEMBERS, NOON + 21 * DAY), "created": np.full(MEMBERS, NOON - 679 * DAY)}
    assert weigh(**moved) == weigh()


def test_without_lives_it_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(), population()) is None
