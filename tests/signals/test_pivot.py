"""Moves at times of one's own have a mean of at most one; a joint move right after a release convinces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stillwatch.evidence.adoption import BINS, Adoption, Release
from stillwatch.evidence.group import Group
from stillwatch.signals.pivot import SIGNAL, directed, window_of
from tests.signals.makers import HOUR, NOON, bare_group, plain, population, upper_bound

NEVER = np.inf


def release(random: np.random.Generator, size: int, moved: Any = None, **said: Any) -> Release:
    """A release that some take up at once, most later or never; everybody is at work all the time."""
    waits = np.where(random.random(size) < 0.7, 14 * 24 * HOUR * random.random(size) ** 3, NEVER)
    plain: dict[str, Any] = {
        "model": "large-3",
        "time": NOON,
        "account": np.arange(size),
        "moved": NOON + waits if moved is None else moved,
        "before": random.integers(0, 2, size),
        "half": random.integers(0, 2, size),
        "counts": random.poisson(random.lognormal(1.5, 0.5, (size, 1)), (size, BINS)) + 1,
    }
    return Release(**plain | said)


def group(held: Release, members: np.ndarray, beside: np.ndarray | None = None) -> Group:
    others = np.zeros(0, dtype=np.int64) if beside is None else beside
    return bare_group(accounts=members, adoptions=(Adoption(held, members, others),))


def e_of(found: Group) -> float:
    return plain(SIGNAL.weigh(found, population()))


@pytest.mark.parametrize("members", [12, 40])
def test_members_that_move_at_times_of_their_own_have_a_mean_of_at_most_one(members: int) -> None:
    random = np.random.default_rng(1)
    found = []
    for _run in range(400):
        held = release(random, 500)
        found.append(e_of(group(held, np.sort(random.choice(500, members, replace=False)))))
    assert upper_bound(found) <= 1.15


def test_those_who_use_one_model_have_a_mean_of_at_most_one_where_only_they_move() -> None:
    """The edge of the null: users of the model before it come to the new one, others hardly do."""
    random = np.random.default_rng(2)
    found = []
    for _run in range(300):
        held = release(random, 600)
        stay = (held.before == 1) & (random.random(600) < 0.9)
        held = replace(held, moved=np.where(stay, NEVER, held.moved))
        found.append(e_of(group(held, np.flatnonzero(held.before == 0)[:30])))
    assert upper_bound(found) <= 1.15


def together(hours: float, members: int = 16, **said: Any) -> tuple[Release, np.ndarray]:
    random = np.random.default_rng(3)
    held, who = release(random, 500, **said), np.arange(members)
    moved = held.moved.copy()
    moved[who] = NOON + 5 * HOUR + random.uniform(0, hours, members) * HOUR
    return replace(held, moved=moved, half=np.arange(500) % 2), who


def test_sixteen_accounts_that_move_within_two_hours_convince() -> None:
    held, who = together(2)
    assert e_of(group(held, who)) >= 20


def test_where_others_that_do_the_same_work_moved_as_well_they_do_not() -> None:
    held, who = together(2)
    beside = np.arange(100, 130)
    moved = held.moved.copy()
    moved[beside] = NOON + 5 * HOUR + np.linspace(0, 2, 30) * HOUR
    assert e_of(group(replace(held, moved=moved), who, beside)) < 3


def test_where_everybody_moved_in_those_hours_they_do_not() -> None:
    held, who = together(2)
    moved = np.where(np.arange(500) % 10 < 9, NOON + 5.5 * HOUR, held.moved)
    moved[who] = held.moved[who]
    assert e_of(group(replace(held, moved=moved), who)) < 3


def test_who_is_not_at_work_in_the_window_is_not_compared() -> None:
    held, who = together(2)
    counts = held.counts.copy()
    counts[100:] = 0
    assert SIGNAL.weigh(group(replace(held, counts=counts), np.arange(95)), population()) is None
    assert SIGNAL.weigh(group(replace(held, counts=counts), who), population()) is not None


def test_a_half_names_the_window_and_the_other_is_tested() -> None:
    held, who = together(2)
    moved = held.moved.copy()
    late = who[held.half[who] == 1]
    moved[late] = NOON + 40 * HOUR
    way = directed(Adoption(replace(held, moved=moved), who, who[:0]), 0)
    assert way is not None and way.moved == 0 and way.tested == len(late) and way.log10_e < 0


def test_few_moves_late_moves_and_no_release_say_nothing() -> None:
    held, who = together(2)
    few = replace(held, moved=np.where(np.arange(500) < 14, NEVER, held.moved))
    assert window_of(Adoption(few, who, who[:0]), 0) is None
    assert SIGNAL.weigh(group(few, who), population()) is None
    late = replace(held, time=NOON - 30 * 24 * HOUR)
    assert SIGNAL.weigh(group(late, who), population()) is None
    assert SIGNAL.weigh(bare_group(), population()) is None


def test_a_shift_of_all_times_and_other_names_change_nothing() -> None:
    held, who = together(8)
    before = e_of(group(held, who))
    weeks = 21 * 24 * HOUR
    assert e_of(group(replace(held, time=held.time + weeks, moved=held.moved + weeks), who)) == before
    order = np.random.default_rng(4).permutation(500)
    mixed = replace(
        held,
        moved=held.moved[order],
        before=held.before[order],
        half=held.half[order],
        counts=held.counts[order],
    )
    assert e_of(group(mixed, np.flatnonzero(np.isin(order, who)))) == pytest.approx(before)
