"""Independent draws from one stock have mean at most one; a stock dealt out without repeats convinces."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.group import Use
from stillwatch.signals.one_queue import MIN_SHARED, SIGNAL
from tests.signals.makers import bare_group, plain, population, upper_bound, use


def drawn(members: list[np.ndarray], outsiders: list[np.ndarray], stock: int) -> Use:
    """Return the use in which these accounts sent these prompts, numbers below `stock`."""
    mine = np.bincount(np.concatenate(members), minlength=stock)
    others = np.bincount(np.concatenate(outsiders), minlength=stock)
    return use(
        loads=[len(prompts) for prompts in members],
        draws=np.array([len(prompts) for prompts in members]),
        outside_loads=[len(prompts) for prompts in outsiders],
        outside_draws=sum(len(prompts) for prompts in outsiders),
        contents=int((mine > 0).sum()),
        shared_contents=int(((mine > 0) & (others > 0)).sum()),
        meetings=int((mine * others).sum()),
        collisions=int((mine * (mine - 1) // 2).sum()),
    )


def weigh(work: Use) -> float:
    return plain(SIGNAL.weigh(bare_group(uses=(work,)), population()))


@pytest.mark.parametrize(
    ("stock", "members", "each", "outsiders", "popularity"),
    [
        (1000, 5, 50, 3, 0.0),
        (5000, 10, 50, 1, 0.0),
        (5000, 10, 50, 5, 0.0),
        (20000, 20, 100, 1, 0.0),
        (5000, 30, 50, 1, 0.7),
        (50000, 30, 50, 2, 0.7),
        (50000, 10, 50, 2, 0.9),
    ],
)
def test_independent_draws_from_one_stock_have_a_mean_of_at_most_one(
    stock: int, members: int, each: int, outsiders: int, popularity: float
) -> None:
    random = np.random.default_rng(12)
    chance = 1 / np.arange(1, stock + 1) ** popularity
    chance /= chance.sum()
    e = []
    for _run in range(120 if popularity else 300):
        prompts = [
            random.choice(stock, each, replace=False, p=chance) for _user in range(members + outsiders)
        ]
        e.append(weigh(drawn(prompts[:members], prompts[members:], stock)))
    assert upper_bound(e) <= 1.2


def dealt(members: int, each: int, outsiders: int, stock: int) -> Use:
    """Return the use in which members share the stock out and others draw from all of it."""
    random = np.random.default_rng(1)
    queue = random.permutation(stock)[: members * each].reshape(members, each)
    return drawn(list(queue), [random.choice(stock, 100, replace=False) for _user in range(outsiders)], stock)


def test_a_queue_dealt_out_to_ten_members_beside_two_other_users_convinces() -> None:
    assert weigh(dealt(members=10, each=100, outsiders=2, stock=5000)) >= 20


def test_no_overlap_is_worth_nothing_where_nobody_else_draws_from_the_stock() -> None:
    random = np.random.default_rng(1)
    queue = random.permutation(5000)[:1000].reshape(10, 100)
    work = drawn(list(queue), [np.arange(5000, 5100)], 5100)
    assert work.collisions == 0
    assert SIGNAL.weigh(bare_group(uses=(work,)), population()) is None


def test_members_that_repeat_each_other_speak_against_a_queue() -> None:
    assert weigh(use(shared_contents=20, meetings=20, collisions=400)) < 1


def test_a_prompt_that_many_met_on_counts_once() -> None:
    clumped = use(shared_contents=20, meetings=200, collisions=0)
    assert weigh(clumped) == weigh(use(shared_contents=20, meetings=20, collisions=0))


@pytest.mark.parametrize("work", (use(shared_contents=MIN_SHARED - 1), use(loads=[40, 40])))
def test_too_little_in_common_or_too_few_members_say_nothing(work: Use) -> None:
    assert SIGNAL.weigh(bare_group(uses=(work,)), population()) is None
