"""Clocks of one's own have a mean of at most one; accounts that work one at a time convince."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.sequence import Sequence
from stillwatch.signals.sticky_runs import SIGNAL
from tests.signals.makers import plain, population
from tests.signals.sequences import MIDNIGHT, bursts, group_of, pool, queue, users


def e_of(work: Sequence) -> float:
    return plain(SIGNAL.weigh(group_of(work), population()))


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
