"""Clocks of one's own have a mean of at most one; accounts that wait for the turns of the others convince."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.sequence import Sequence
from stillwatch.signals.round_robin import SIGNAL
from tests.signals.makers import plain, population
from tests.signals.sequences import MIDNIGHT, bursts, group_of, pool, queue, users


def e_of(work: Sequence) -> float:
    return plain(SIGNAL.weigh(group_of(work), population()))


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
